"""What runs checks and makes scorecards of them, whatever is checked: a role's kit brings the checks.

Nothing is imported here: a start needs `lazy` alone, and PostgreSQL's driver is 9 MB.
"""
