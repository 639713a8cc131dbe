"""The backend's checks: what a design is judged by, on its files and on a real PostgreSQL.

Importing this loads none of them: a bot that only waits does without.
"""
