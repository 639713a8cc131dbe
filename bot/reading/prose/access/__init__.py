"""Who gets in and who may what, as people say it: roles, permissions and denials, what is open, sign-in, tenants."""
