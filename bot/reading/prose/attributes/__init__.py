"""Reads sentences that say which attributes a thing has, whatever verb they say it with."""
