"""What the people who run the bot look at: health, metrics, logs, the doctor, the audit log."""
