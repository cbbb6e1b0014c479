round-place-from-front = 第{ $place ->
    [1] 一
    [2] 二
    [3] 三
    [4] 四
    [5] 五
    [6] 六
    [7] 七
    [8] 八
    [9] 九
    [10] 十
   *[other] { $place }
}名
round-place-from-end = 倒数第{ $place ->
    [1] 一
    [2] 二
    [3] 三
    [4] 四
    [5] 五
    [6] 六
    [7] 七
    [8] 八
    [9] 九
    [10] 十
   *[other] { $place }
}名
round-status-on-time = 按期整改
round-status-late = 超期整改
round-status-overdue = 超期未整改
round-status-pending = 整改期内
round-finding-excluded = 已剔除，不计分
round-finding-exempt = 属豁免范围，不计分
round-severity-minor = 轻微
round-severity-general = 一般
round-severity-serious = 严重
round-finder-agency = 第三方暗访
round-finder-citizen = 市民反映
round-finder-leader = 领导交办
round-finder-media = 媒体曝光
round-finder-province = 省级检查
round-finder-own = 自查
round-scheme-has-faults = 方案或指标库有 { $count } 处问题，请改正后重新提交。
round-store-failed = 未能保存：{ $reason }。请稍后重试；仍不成功的，请联系系统管理员。
round-unknown-scheme = 方案 { $scheme } 尚未采用，请先在“方案”中采用。
round-no-scheme = { $month }没有适用的方案（{ $series }）。请先采用在该月有效的方案。
round-not-begun = { $month }（{ $series }）尚未开始。请先导入证据或打开该期。
round-not-frozen = { $month }（{ $series }）尚未冻结。请先冻结，再进行下一步。
round-correction-needs-reason = { $month }（{ $series }）已经公布。更正须写明原因，原通报继续保留。
round-evidence-moved = 读取证据期间不断有新的变动，未冻结。请再次冻结。
round-frozen-damaged = 冻结证据（{ $digest }）缺失或已损坏。请从备份恢复数据后重试。
round-adopted = 已采用方案 { $scheme }，此后其文本不再变更。
round-reopened = 已由两人同意重新打开，可以更改证据后再次冻结。
round-reopen-asked = 已申请重新打开，须由另一人同意。
round-frozen = 已冻结，证据摘要（SHA-256）：{ $digest }
round-published = 已公布第 { $edition } 版，结果摘要（SHA-256）：{ $digest }
round-nothing-published = 该月尚未公布通报。请先冻结并公布。
round-unit-takes-no-part = 单位 { $unit } 不参加该项评价。请核对单位编码。
