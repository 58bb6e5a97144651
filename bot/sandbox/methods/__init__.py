"""The Bot API: which method is done by which function. Every other name is answered with 404."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.sandbox.methods import answering, chatting, editing, fetching, forums, profile, sending
from bot.sandbox.methods.call import Call

Method = Callable[[Call], Any | Awaitable[Any]]

METHODS: dict[str, Method] = {
    # itself
    "getme": fetching.get_me,
    "logout": fetching.log_out,
    "close": fetching.log_out,
    "setmycommands": profile.set_my_commands,
    "deletemycommands": profile.delete_my_commands,
    "getmycommands": profile.get_my_commands,
    "setmyname": profile.set_my_name,
    "getmyname": profile.get_my_name,
    "setmydescription": profile.set_my_description,
    "getmydescription": profile.get_my_description,
    "setmyshortdescription": profile.set_my_short_description,
    "getmyshortdescription": profile.get_my_short_description,
    "setchatmenubutton": profile.set_chat_menu_button,
    "getchatmenubutton": profile.get_chat_menu_button,
    "setmydefaultadministratorrights": profile.set_my_default_administrator_rights,
    "getmydefaultadministratorrights": profile.get_my_default_administrator_rights,
    # updates and files
    "getupdates": fetching.get_updates,
    "setwebhook": fetching.set_webhook,
    "deletewebhook": fetching.delete_webhook,
    "getwebhookinfo": fetching.get_webhook_info,
    "getfile": fetching.get_file,
    # messages
    "sendmessage": sending.send_message,
    "senddocument": sending.send_document,
    "sendphoto": sending.send_photo,
    "copymessage": sending.copy_message,
    "copymessages": sending.copy_messages,
    "forwardmessage": sending.forward_message,
    "forwardmessages": sending.forward_messages,
    "sendchataction": sending.send_chat_action,
    "sendmessagedraft": sending.send_message_draft,
    "editmessagetext": editing.edit_message_text,
    "editmessagecaption": editing.edit_message_caption,
    "editmessagereplymarkup": editing.edit_message_reply_markup,
    "editmessagemedia": editing.edit_message_media,
    "deletemessage": editing.delete_message,
    "deletemessages": editing.delete_messages,
    "pinchatmessage": editing.pin_chat_message,
    "unpinchatmessage": editing.unpin_chat_message,
    "unpinallchatmessages": editing.unpin_all_chat_messages,
    "setmessagereaction": chatting.set_message_reaction,
    # queries
    "answercallbackquery": answering.answer_callback_query,
    "answerinlinequery": answering.answer_inline_query,
    # chats
    "getchat": chatting.get_chat,
    "getchatmember": chatting.get_chat_member,
    "getchatadministrators": chatting.get_chat_administrators,
    "getchatmembercount": chatting.get_chat_member_count,
    "getchatmemberscount": chatting.get_chat_member_count,
    "leavechat": chatting.leave_chat,
    "banchatmember": chatting.ban_chat_member,
    "kickchatmember": chatting.ban_chat_member,
    "unbanchatmember": chatting.unban_chat_member,
    "restrictchatmember": chatting.restrict_chat_member,
    "promotechatmember": chatting.promote_chat_member,
    "setchattitle": chatting.set_chat_title,
    "setchatdescription": chatting.set_chat_description,
    "createchatinvitelink": chatting.create_chat_invite_link,
    "exportchatinvitelink": chatting.create_chat_invite_link,
    "createforumtopic": forums.create_forum_topic,
    "editforumtopic": forums.edit_forum_topic,
    "closeforumtopic": forums.close_forum_topic,
    "reopenforumtopic": forums.reopen_forum_topic,
    "deleteforumtopic": forums.delete_forum_topic,
    "getforumtopiciconstickers": forums.get_forum_topic_icon_stickers,
    "getuserprofilephotos": chatting.get_user_profile_photos,
}
