"""Telegram, through its Bot API: webhooks or long polling in, private chats only.

The one convention here: nothing that Telegram's client raises or logs leaves this folder, for its words hold the bot's
token, chat ids and messages. What goes out is a `SendError` with a code from the table in `errors.py`.
"""
