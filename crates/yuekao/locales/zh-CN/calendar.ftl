### 工作日历、时限和立案条件

## 工作日历的问题
calendar-announced-backwards = announced_until 早于 announced_from。
calendar-bad-work-day = 一个工作日不能是 { $minutes } 分钟。请写 1 至 1440，8 小时写 480。
calendar-no-hours = 没有作息时间。请至少写一个 [[hours]]。
calendar-first-hours-late = 第一段作息时间晚于 announced_from，此前的日子没有作息时间。请把日期提前。
calendar-hours-out-of-order = 各段作息时间须按生效日期先后排列，日期不能相同。
calendar-day-length-differs = 作息时间合计 { $minutes } 分钟，而一个工作日按 { $day } 分钟计。若非有意，请改 work_day_minutes。
calendar-no-slots = 没有工作时段。请写 slots = ["08:00-12:00", "14:00-18:00"]。
calendar-bad-slot = “{ $text }”不是时段。
calendar-expected-slot = 时段，如 "08:00-12:00"，后一时刻较晚，最晚 24:00
calendar-slots-overlap = “{ $text }”与前一时段重叠，或排在它前面。请按先后排列。
calendar-day-not-announced = 这一天不在 announced_from 至 announced_until 之间。新公布的安排请同时改这两个日期。
calendar-day-twice = 这一天已在前面写过。请删去一行。

## 时限算不出的原因
deadline-no-time = 时限为零。请填写至少 1。
deadline-too-far = 期限超出一百年，请检查时限、延期和挂账日期。
deadline-pause-backwards = 挂账的截止时间 { $until } 早于开始时间 { $from }。
deadline-factor-too-small = 严重超期的倍数须为 2 以上，现为 { $factor }。

## 立案条件表的问题
condition-twice = 编号“{ $id }”已在前面用过。请换一个。
condition-none = 表中没有立案条件。
condition-bad-code = “{ $text }”不是四位类别代码。用表格软件时请把该列设为文本，以免丢掉前面的 0。
condition-bad-limit = “{ $text }”不是时限。请写 1 至 { $longest } 的整数。
