"""Fit: what people said, fact by fact, against what was rendered.

Read a second time and compared by means of their own: nothing here asks the designer what it meant to do.
"""

from bot.roles.backend_developer.checks.fit.account import StatementFit, Verdict, fit_of

__all__ = ["StatementFit", "Verdict", "fit_of"]
