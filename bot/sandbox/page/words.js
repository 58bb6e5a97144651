// The page's own words: Chinese first, English at a switch.

const WORDS = {
  zh: {
    title: "沙箱", chats: "会话", private: "私聊", groups: "群与频道", you: "您是{name}", inspector: "检查",
    next: "下一次推送", tomorrow: "明天 8:00", hour: "＋1小时", nothing_due: "目前没有排定的推送", running: "时间前进中…",
    placeholder: "写消息", placeholder_channel: "发布到频道", send: "发送", attach: "附上文件", commands: "命令菜单",
    keyboard: "显示或收起键盘", reply: "回复", cancel_reply: "取消回复", back: "返回会话列表", menu: "更多",
    start: "开始", unblock: "恢复接收（解除屏蔽）", block: "屏蔽机器人", kick: "把机器人移出", invite: "请机器人进群",
    migrate: "升级为超级群", gone: "群已升级，请到新群里说话", edited: "已编辑", deleted: "已删除", via: "经 @{name}",
    forwarded: "转发自 {name}", typing: "正在输入…", uploading: "正在发送文件…", copied: "已复制", older: "更早的消息",
    empty: "这里还没有消息", not_started: "尚未开始", new_messages: "以下是新消息", pick: "选一个会话开始", unread: "{n} 条未读", joined: "{name} 加入了", left: "{name} 离开了",
    pinned: "置顶消息", moved_to: "群升级为超级群", moved_from: "由普通群升级而来", created: "群已建立", new_title: "群名改为“{name}”",
    speak_as: "以谁的身份", bot: "机器人", members: "{n} 人", members_channel: "{n} 位订阅者", service: "通知",
    offline: "与沙箱的连接断了，正在重连…", online: "已重新连接", theme: "深色或浅色", language: "English",
    calls: "调用", rates: "速率", faults: "故障", tally: "统计", filter: "按方法筛选", hide_polls: "不显示 getUpdates",
    answer: "返回", params: "参数", note: "说明", no_calls: "还没有调用", per_second: "每秒条数", limit: "上限", enforce: "执行限速",
    of_bot: "全部会话 · 每秒", of_chat: "同一会话 · 每秒", of_group: "同一群 · 每分钟", now: "当前", peak: "最高", apply: "应用",
    f_429: "5% 遇到 429", f_500: "一律 500", f_slow: "慢 800 毫秒", f_lost: "送达后丢回执", f_drop: "断开连接", f_half: "只回一半",
    f_clear: "全部恢复正常", f_none: "没有故障，一切正常", f_active: "生效中", f_custom: "自定", f_method: "方法（如 send*）",
    f_code: "状态码", f_share: "比例 %", f_delay: "延迟 毫秒", f_add: "加入", used: "已触发 {n} 次", forever: "一直", restart: "服务器重启 1 秒",
    delivered: "送达", duplicates: "重复", chats_n: "会话", refused: "被拒", reasons: "被拒原因", none: "无", clear: "清零", crowd: "人群",
    crowd_add: "加 1000 位虚拟订阅者", crowd_line: "虚拟订阅者 {n} 位", add: "添加", add_user: "添加一位用户", add_group: "新建一个群",
    name: "名字", ok: "好", cancel: "取消", no_results: "没有结果", jump: "到最新消息", sending_failed: "没有发出：{why}",
    file: "文件", download: "下载", photo: "图片", sent_button: "已按", spoiler: "点开看", expand: "展开", open: "打开",
    kind_voice: "语音", kind_audio: "音频", kind_video: "视频", kind_video_note: "视频留言", kind_animation: "动图", kind_sticker: "贴纸",
    kind_location: "位置", kind_contact: "名片", kind_dice: "骰子", kind_poll: "投票",
    topic_created: "话题“{name}”已建立", topic_closed: "话题已关闭", topic_reopened: "话题已重新打开",
  },
  en: {
    title: "Sandbox", chats: "Chats", private: "Private", groups: "Groups and channels", you: "You are {name}", inspector: "Inspector",
    next: "Next push", tomorrow: "Tomorrow 8:00", hour: "+1 hour", nothing_due: "No push is scheduled", running: "Time is moving…",
    placeholder: "Write a message", placeholder_channel: "Post to the channel", send: "Send", attach: "Attach a file", commands: "Commands",
    keyboard: "Show or hide the keyboard", reply: "Reply", cancel_reply: "Cancel the reply", back: "Back to the chats", menu: "More",
    start: "Start", unblock: "Unblock and restart", block: "Block the bot", kick: "Remove the bot", invite: "Add the bot",
    migrate: "Turn into a supergroup", gone: "The group has moved; write in the new one", edited: "edited", deleted: "deleted", via: "via @{name}",
    forwarded: "Forwarded from {name}", typing: "typing…", uploading: "sending a file…", copied: "Copied", older: "Earlier messages",
    empty: "No messages yet", not_started: "Not started", new_messages: "New messages", pick: "Choose a chat", unread: "{n} unread", joined: "{name} joined", left: "{name} left",
    pinned: "Pinned message", moved_to: "The group became a supergroup", moved_from: "Grown from a basic group", created: "Group created", new_title: "Title changed to “{name}”",
    speak_as: "Speak as", bot: "Bot", members: "{n} members", members_channel: "{n} subscribers", service: "Notice",
    offline: "The sandbox is out of reach; reconnecting…", online: "Connected again", theme: "Dark or light", language: "中文",
    calls: "Calls", rates: "Rates", faults: "Faults", tally: "Tally", filter: "Filter by method", hide_polls: "Hide getUpdates",
    answer: "Answer", params: "Parameters", note: "Note", no_calls: "No calls yet", per_second: "Messages a second", limit: "Limit", enforce: "Enforce the limits",
    of_bot: "All chats · per second", of_chat: "One chat · per second", of_group: "One group · per minute", now: "now", peak: "peak", apply: "Apply",
    f_429: "429 for 5 %", f_500: "500 for all", f_slow: "800 ms slow", f_lost: "Answer lost after delivery", f_drop: "Connection dropped", f_half: "Half an answer",
    f_clear: "Back to normal", f_none: "No faults, all is well", f_active: "Active", f_custom: "Custom", f_method: "Method (send*)",
    f_code: "Status", f_share: "Share %", f_delay: "Delay ms", f_add: "Add", used: "hit {n} times", forever: "always", restart: "Restart for 1 s",
    delivered: "Delivered", duplicates: "Duplicates", chats_n: "Chats", refused: "Refused", reasons: "Refused because", none: "none", clear: "Reset", crowd: "Crowd",
    crowd_add: "Add 1,000 made-up subscribers", crowd_line: "{n} made-up subscribers", add: "Add", add_user: "Add a user", add_group: "Make a group",
    name: "Name", ok: "OK", cancel: "Cancel", no_results: "No results", jump: "To the newest", sending_failed: "Not sent: {why}",
    file: "File", download: "Download", photo: "Picture", sent_button: "Pressed", spoiler: "Reveal", expand: "Expand", open: "Open",
    kind_voice: "Voice", kind_audio: "Audio", kind_video: "Video", kind_video_note: "Video note", kind_animation: "Animation", kind_sticker: "Sticker",
    kind_location: "Place", kind_contact: "Contact", kind_dice: "Dice", kind_poll: "Poll",
    topic_created: "Topic “{name}” created", topic_closed: "Topic closed", topic_reopened: "Topic reopened",
  },
};

export let language = localStorage.getItem("sandbox.language") === "en" ? "en" : "zh";
document.documentElement.lang = language === "en" ? "en" : "zh-Hans";

export function switchLanguage() {
  localStorage.setItem("sandbox.language", language === "en" ? "zh" : "en");
  location.reload();
}

/** The words for ``name``, holes filled in. */
export function w(name, holes = {}) {
  let text = WORDS[language][name] ?? name;
  for (const [hole, value] of Object.entries(holes)) text = text.replace(`{${hole}}`, value);
  return text;
}
