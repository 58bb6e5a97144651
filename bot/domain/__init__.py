"""Pure rules: states, their lawful moves, due times. No database, no Telegram, no clock."""
