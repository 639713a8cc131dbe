"""The rules: what was understood becomes a blueprint, each part naming the statements that it realises.

Nothing is filled in for its own sake: what nobody said and the design cannot do without is marked as assumed.
"""
