### 案件消息

messages-title = 消息
messages-lede = 案件派来、退回、答复、核查不合格、督办、升级
messages-none = 没有消息。
messages-read = 全部标为已读
messages-new = 未读
messages-what = 事项
messages-at = 时间
messages-count = 消息 { $count }

message-corrected = 来源更正了内容，请核对
message-reported = 新上报，待受理
message-dispatched = 派来新案件
message-passed-down = 上级交办案件
message-returned = 案件被退回
message-asked = 申请延期或挂账，待答复
message-granted = 申请已同意
message-refused = 申请未同意
message-feedback = 已反馈，待核查
message-failed = 核查不合格，需返工
message-supervised = 案件被督办
message-escalated = 案件严重超期，已升级
message-check-ordered = 派您核实，请到现场查看
message-checked = 已核实，待立案
message-taken-back = 案件被上级收回，不必再办
message-recalled = 派遣已撤回，不必再办
message-to-dispatch = 派遣已撤回，待重新派遣
message-resumed = 挂账结束，恢复处置
message-recomputed = 截止时间已按新日历重算
message-due-soon = 时限将到，请尽快处置
message-overdue = 已到截止时间，尚未处置
message-served = 您的网格有案件交办
message-served-again = 您的网格有问题复发，已再次交办
message-closed = 案件已结案
message-verified = 核查通过，待结案
message-voided = 案件已作废，不必再办
message-supervision-ended = 督办已解除
