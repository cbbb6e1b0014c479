import { Elsewhere, isFull } from "./store";

// Words of the field app. They are here and not on the server, since the app speaks without a network.

const zh = {
  title: "月考外业",
  today: "今天", queue: "上报", settings: "设置", back: "返回",
  synthetic: "合成数据，非真实考评",
  needsSafe: "外业应用只能在 HTTPS 网址（或本机 127.0.0.1）上使用：浏览器在其他网址上不提供离线保存和照片摘要。请向机构索要正确的网址。",
  broken: "手机上的存储打不开：{why}。请关闭其他标签页，重启浏览器后再试；已保存的记录仍在手机上。",
  outdated: "应用已在另一个标签页更新，本页不能再保存。已保存的内容仍在手机上，请重新打开本页。", reopen: "重新打开",
  signIn: "登录", signInFirst: "请先联网登录一次，之后没有网络也能使用。",
  signInAgain: "登录已过期，请重新登录。记录都在手机上，登录后自动上报。",
  otherAccount: "当前登录的是“{name}”。{count} 条记录属于其他账号，要用原账号登录后才能上报。",
  online: "已联网", offline: "没有网络，记录保存在手机上", sending: "正在上报…",
  serverFault: "服务器暂时无法接收：{why}。记录都在手机上，稍后自动重试。",
  allSent: "已全部上报", waitingCount: "{count} 条待上报", oddCount: "{count} 条需要处理",
  newVersion: "有新版本", renew: "更新",
  persistRefused: "浏览器没有答应长期保存数据。出发前请把本页安装到主屏幕，或在设置里再申请一次；不要清理浏览器数据。",
  persistAsk: "申请长期保存", persistYes: "浏览器已答应长期保存", persistNo: "浏览器尚未答应长期保存",
  lowSpace: "手机可用空间只剩 {size}。出发前请清理空间，一张照片约需 4 MB。",
  full: "手机空间不足，刚才的内容没有保存。请先上报或清理空间，再保存一次。",
  fullLine: "手机空间不足，已保存的记录照常上报。请删除手机上不用的照片或应用，腾出空间",
  notKept: "没有保存：{why}。请再试一次。", savedElsewhere: "已在另一个标签页保存。", endedElsewhere: "这次检查已在另一个标签页结束，不能再保存。",
  clock: "手机时钟{way} {amount}。照常记录即可，服务器会换算；建议打开自动对时。",
  fast: "快了", slow: "慢了", minutes: "{n} 分钟", hours: "{n} 小时", days: "{n} 天",
  noDay: "还没有下载任务，请联网后点“刷新任务”。", noTasks: "今天没有发放给您的任务。", tasksOf: "{day} 的任务", asOf: "{time} 下载",
  refresh: "刷新任务", notToday: "这是 {day} 的任务。联网后刷新，取得今天的任务。",
  visited: "已检查", visiting: "检查中", open: "未检查", closed: "点位关闭", metres: "{n} 米",
  unfinished: "前几天没有结束的检查",
  laterDay: "这次检查没有在当天结束。请保存当时发现的问题，然后结束检查。保存时间如实上报，位置用拍照时的位置。",
  noOutline: "没有点位坐标，无法画图。", map: "点位图", zoomIn: "放大", zoomOut: "缩小", route: "用手机地图导航", coordinates: "坐标（WGS 84）",
  start: "开始检查", finish: "结束检查", startHint: "到达点位后开始。开始后记录位置和用时。",
  noRules: "这个月没有生效的实施方案，无法按指标记录。请联系机构。",
  siteClosed: "点位关闭", closedTold: "已记录点位关闭，请等机构更换点位。",
  closedHint: "点位停业、封闭施工或已不存在，无法检查时填写。请拍下现场，机构会更换点位。", closedNote: "关闭情况", closedWhy: "请写明关闭情况",
  clean: "干净", tidy: "整洁", orderly: "有序", safe: "安全",
  search: "查找指标", lastUsed: "最近使用", here: "本点位", all: "全部", nothing: "没有符合的指标。",
  looked: "已看，无问题", looking: "标记为已看，无问题", found: "{n} 个问题", restLooked: "本页其余均已看，无问题",
  record: "记录问题", requirement: "要求", reference: "参考图片", measure: "测量值", colon: "：",
  observe: "看什么", threshold: "{severity} {sign} {value}", meets: "未达到扣分标准",
  severity: "程度", minor: "轻微", general: "一般", serious: "严重",
  photo: "拍照", photos: "照片 {n}", removePhoto: "移除照片 {n}", removeSure: "移除照片 {n}？移除后不能恢复。", needPhoto: "还需要 {n} 张照片",
  needSeverity: "请选择程度", photoBusy: "正在保存照片…", samePhoto: "这张照片已经用过。",
  photoBroken: "照片文件已损坏，请重拍。", photoStuck: "有照片传输中断",
  photoAgain: "请重新记录这个问题并拍照，第一条由机构关联过去。", photoAgainOver: "检查已经结束，不能再拍，请告知机构。", recordAgain: "重新记录",
  photosFull: "一条记录最多 {n} 张照片，多余的没有保存。", photoTooLarge: "照片超过 {mb} MB，没有保存。请调低相机分辨率后重拍。", photoKind: "只能使用 JPEG、PNG 或 HEIC 照片。",
  notANumber: "请填写数字，例如 12 或 3.5，不超过 {n} 位。",
  place: "位置描述", note: "备注（可不填）", save: "保存", saved: "已保存，第 {n} 号",
  discard: "放弃这条记录？照片也会删除。", draftKept: "上次没有保存完的内容已恢复。",
  unsaved: "有未保存内容", unsavedCount: "还有 {n} 个问题没有保存，结束后不能补记。请返回清单，保存或放弃。",
  position: "位置", locating: "正在定位…", accuracy: "误差 {n} 米", noPosition: "没有定位：{why}",
  denied: "未允许定位，请在浏览器设置中打开", unavailable: "定位不可用", timeout: "定位超时",
  finishTitle: "结束检查", lengthWalked: "检查长度（米）", grades: "等级", noGrade: "不评",
  lookedCount: "已看 {n} 项，发现 {m} 个问题", finishNote: "现场情况（可不填）",
  unlooked: "还有 {n} 项没有标记，结束后不能补记。", finished: "检查已结束",
  correct: "更正后另报", correcting: "这条记录未被采用：{why} 请更正后保存，作为新记录上报；原记录仍然保留。", correctedBy: "已更正，见第 {n} 号",
  correctionOver: "原记录已处理，不必再更正。请放弃这里的内容。", correctionDrop: "这条记录的更正还没有保存，继续则放弃更正。继续？", correctionGiveUp: "放弃更正？原记录仍然保留。",
  endingFirst: "这个点位的结束检查还没有填完，请先完成，再更正。",
  settleSure: "确定已与机构核对？此后不再提示，也不能再更正。", photoDiscard: "放弃这张照片？照片会从手机上删除，不再上报。", photosRefused: "{n} 张照片未采用",
  draftFirst: "这个指标还有没保存的内容，请先保存或放弃。", goOn: "继续填写", draftLeft: "当天的检查已经结束，不能再保存。请告知机构；照片可另存到手机。",
  indicatorGone: "当月的指标库中已没有这个指标，不能再保存。请告知机构；照片可在上报页另存到手机。",
  discardDraft: "放弃", photoLeft: "照片没有随记录保存，不会上报。可以另存到手机，或回到点位重新拍照。", photoOfDraft: "未保存的照片",
  queueTitle: "上报队列", retry: "立即重试", waiting: "待上报", taken: "已收到", refused: "未采用", conflict: "有冲突",
  photoOf: "照片", photosLeft: "{n} 张照片待上报", keepPhoto: "另存到手机", again: "重新发送", settle: "已与机构核对", settled: "已核对", nextTry: "{n} 秒后自动重试",
  itemsKept: "服务器确认收到之前，记录和照片一直保存在手机上。",
  visit_started: "开始检查", visit_finished: "结束检查", observation: "问题", positionItem: "位置", noteItem: "备注",
  phone: "手机编号", nextNumber: "下一个流水号", version: "版本", storage: "存储", used: "已用 {used}，可用 {free}",
  theme: "显示", sun: "阳光下", night: "夜间", language: "语言", account: "账号", signOut: "退出登录",
  signOutWarn: "还有 {count} 条没有上报。退出后它们仍在手机上，用同一账号登录后才能上报。仍要退出？",
  signOutFails: "没有退出：连不上服务器，退出登录需要网络。记录仍可照常保存，请在有网络时再退出。",
  install: "安装到主屏幕", installHint: "在浏览器菜单中选择“添加到主屏幕”或“安装应用”，离线更可靠。",
  otherTab: "另一个标签页正在上报",
  done: "完成", yes: "确定", no: "取消", close: "关闭",
  "unit.mm": "毫米", "unit.cm": "厘米", "unit.m": "米", "unit.cm2": "平方厘米", "unit.m2": "平方米", "unit.m3": "立方米",
  "unit.g_per_m2": "克/平方米", "unit.piece": "个（件）", "unit.percent": "%", "unit.degree": "度", "unit.db": "分贝", "unit.minute": "分钟", "unit.day": "天",
};

export type Key = keyof typeof zh;

const en: Record<Key, string> = {
  title: "Yuekao field",
  today: "Today", queue: "Hand in", settings: "Settings", back: "Back",
  synthetic: "Synthetic data, not a real evaluation",
  needsSafe: "The field app works on HTTPS addresses only (or on this machine, 127.0.0.1): elsewhere browsers neither keep it offline nor hash photos. Ask your agency for the right address.",
  broken: "The phone's storage does not open: {why}. Close other tabs, restart the browser and try again; what was saved is still on the phone.",
  outdated: "The app was renewed in another tab, and this page cannot keep anything any more. What was saved is on the phone: open the page again.", reopen: "Open again",
  signIn: "Sign in", signInFirst: "Sign in once with a network; afterwards it works without one.",
  signInAgain: "You have to sign in again. Everything is on the phone and is handed in afterwards.",
  otherAccount: "Signed in as “{name}”. {count} records belong to another account and need that account to be handed in.",
  online: "Online", offline: "No network; records stay on the phone", sending: "Handing in…",
  serverFault: "The server cannot take it now: {why}. Everything is on the phone and is tried again.",
  allSent: "All handed in", waitingCount: "{count} waiting", oddCount: "{count} need attention",
  newVersion: "There is a new version", renew: "Renew",
  persistRefused: "The browser has not promised to keep data. Before the tour, install this page on the home screen or ask again in the settings; do not clear browser data.",
  persistAsk: "Ask to keep data", persistYes: "The browser has promised to keep data", persistNo: "The browser has not promised to keep data",
  lowSpace: "Only {size} are free on the phone. Make room before the tour; a photo needs about 4 MB.",
  full: "The phone is full, and this was not saved. Hand in or make room, then save again.",
  fullLine: "The phone is full; what was saved is handed in all the same. Delete photos or apps that you do not need, to make room",
  notKept: "Not saved: {why}. Try again.", savedElsewhere: "It has been saved in another tab.", endedElsewhere: "This visit was finished in another tab: nothing can be added.",
  clock: "The phone's clock is {amount} {way}. Go on as usual, the server converts; better let it set itself.",
  fast: "fast", slow: "slow", minutes: "{n} minutes", hours: "{n} hours", days: "{n} days",
  noDay: "No tasks have been fetched yet: tap “Fetch tasks” when there is a network.", noTasks: "Nothing is released to you today.", tasksOf: "Tasks of {day}", asOf: "fetched {time}",
  refresh: "Fetch tasks", notToday: "These are the tasks of {day}. Fetch today's when there is a network.",
  visited: "visited", visiting: "visiting", open: "to visit", closed: "closed", metres: "{n} m",
  unfinished: "Visits of earlier days that have not ended",
  laterDay: "This visit did not end on its day. Save what you found then, and finish it. The time of saving is told as it is, with the place where the photo was taken.",
  noOutline: "No site has a position, so there is no map.", map: "Map of sites", zoomIn: "Zoom in", zoomOut: "Zoom out", route: "Find the way with the phone's map", coordinates: "Coordinates (WGS 84)",
  start: "Start visit", finish: "Finish visit", startHint: "Start when you are there. Position and time are recorded from then on.",
  noRules: "No scheme holds this month, so there is no checklist. Ask your agency.",
  siteClosed: "Site is closed", closedTold: "It is recorded that the site is closed. The agency will replace it.",
  closedHint: "For a site that cannot be visited: out of business, fenced off, or gone. Take a photo; the agency will replace the site.", closedNote: "What is closed, and why", closedWhy: "Say what is closed, and why",
  clean: "Clean", tidy: "Tidy", orderly: "Orderly", safe: "Safe",
  search: "Find an indicator", lastUsed: "Last used", here: "For this site", all: "All", nothing: "No indicator matches.",
  looked: "looked at, fine", looking: "Mark as looked at, fine", found: "{n} found", restLooked: "Looked at all others here, fine",
  record: "Record a finding", requirement: "Requirement", reference: "Reference picture", measure: "Measured", colon: ": ",
  observe: "Look at", threshold: "{severity} {sign} {value}", meets: "Requirement is met",
  severity: "Severity", minor: "Minor", general: "General", serious: "Serious",
  photo: "Photo", photos: "Photo {n}", removePhoto: "Remove photo {n}", removeSure: "Remove photo {n}? It cannot be brought back.", needPhoto: "Photos still needed: {n}",
  needSeverity: "Choose a severity", photoBusy: "Saving the photo…", samePhoto: "This photo was used before.",
  photoBroken: "The photo's file is damaged. Take it again.", photoStuck: "a photo did not come through",
  photoAgain: "Record this once more with a new photo; the agency links the first to it.", photoAgainOver: "The visit has ended and no photo can be added: tell the agency.", recordAgain: "Record again",
  photosFull: "A record holds {n} photos at most; more were not saved.", photoTooLarge: "The photo is larger than {mb} MB and was not saved. Lower the camera's resolution and take it again.", photoKind: "Photos must be JPEG, PNG or HEIC.",
  notANumber: "Give a number such as 12 or 3.5, with {n} characters at most.",
  place: "Place in words", note: "Note (optional)", save: "Save", saved: "Saved as number {n}",
  discard: "Throw this record away, photos included?", draftKept: "What was not saved last time is here again.",
  unsaved: "Not saved yet", unsavedCount: "Findings not saved yet: {n}. They cannot be added once the visit has ended: go back and save or discard them.",
  position: "Position", locating: "Locating…", accuracy: "within {n} m", noPosition: "No position: {why}",
  denied: "not allowed; allow it in the browser's settings", unavailable: "not available", timeout: "took too long",
  finishTitle: "Finish visit", lengthWalked: "Length walked (m)", grades: "Grades", noGrade: "none",
  lookedCount: "Looked at {n}, found {m}", finishNote: "About the place (optional)",
  unlooked: "{n} are not marked; nothing can be added afterwards.", finished: "Visit finished",
  correct: "Correct, send as new", correcting: "This record could not be used: {why} Correct it and save: it is handed in as a new one, and the first is kept.", correctedBy: "corrected by number {n}",
  correctionOver: "The record itself has been dealt with and needs no correction. Discard what is here.", correctionDrop: "The correction of this record has not been saved and is given up if you go on. Go on?", correctionGiveUp: "Give the correction up? The record itself is kept.",
  endingFirst: "The end of a visit to this site is being filled in: complete it first.",
  settleSure: "Settled with the agency? It is not shown as open any more and cannot be corrected.", photoDiscard: "Throw this photo away? It is deleted from the phone and not handed in.", photosRefused: "Photos not usable: {n}",
  draftFirst: "This indicator has something not saved yet: save or discard it first.", goOn: "Go on", draftLeft: "The visit of that day has ended, and this cannot be saved any more. Tell your agency; photos can be saved to the phone.",
  indicatorGone: "The catalogue of the month has this indicator no more, and this cannot be saved. Tell your agency; photos can be saved to the phone under Hand in.",
  discardDraft: "Discard", photoLeft: "The photo was not saved with a record and is not handed in. Save it to the phone, or take it again at the site.", photoOfDraft: "Photo not saved",
  queueTitle: "Hand-in queue", retry: "Try now", waiting: "waiting", taken: "received", refused: "not usable", conflict: "conflict",
  photoOf: "Photo", photosLeft: "{n} photos waiting", keepPhoto: "Save to phone", again: "Send again", settle: "Settled with the agency", settled: "settled", nextTry: "tries again in {n} s",
  itemsKept: "Records and photos stay on the phone until the server has said that it has them.",
  visit_started: "Visit started", visit_finished: "Visit finished", observation: "Finding", positionItem: "Position", noteItem: "Note",
  phone: "Phone id", nextNumber: "Next number", version: "Version", storage: "Storage", used: "{used} used, {free} free",
  theme: "Display", sun: "Sunlight", night: "Night", language: "Language", account: "Account", signOut: "Sign out",
  signOutWarn: "{count} are not handed in. They stay on the phone and need the same account. Sign out all the same?",
  signOutFails: "Not signed out: the server cannot be reached, and signing out needs it. Go on recording, and sign out when there is a network.",
  install: "Install on home screen", installHint: "Choose “Add to home screen” or “Install app” in the browser's menu: more reliable offline.",
  otherTab: "Another tab is handing in",
  done: "Done", yes: "Yes", no: "Cancel", close: "Close",
  "unit.mm": "mm", "unit.cm": "cm", "unit.m": "m", "unit.cm2": "cm²", "unit.m2": "m²", "unit.m3": "m³",
  "unit.g_per_m2": "g/m²", "unit.piece": "pieces", "unit.percent": "%", "unit.degree": "°", "unit.db": "dB", "unit.minute": "min", "unit.day": "days",
};

export type Language = "zh-CN" | "en";
let language: Language = /(?:^|;\s*)yuekao_lang=en/.test(document.cookie) ? "en" : "zh-CN";
export const getLanguage = () => language;

export function setLanguage(next: Language) {
  language = next;
  document.documentElement.lang = next;
  document.title = t("title");
}

export function t(key: Key, values: Record<string, string | number> = {}): string {
  return (language === "en" ? en : zh)[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** Why something was not kept on the phone. */
export const notKept = (why: unknown) =>
  isFull(why) ? t("full") : why instanceof Elsewhere ? t(why.key) : t("notKept", { why: why instanceof Error ? why.message : String(why) });

/** Grades are the scheme's own keys; those that many schemes use have words. */
const GRADES: Record<string, string> = { excellent: "优", good: "好", fair: "一般", poor: "差", bad: "差", pass: "合格", fail: "不合格", qualified: "合格", unqualified: "不合格" };
export const gradeWord = (key: string) => (language === "en" ? key : GRADES[key] ?? key);

/** The text of a pair that the server sent in both languages. */
export const both = (words: { zh: string; en: string }) => (language === "en" ? words.en : words.zh);
