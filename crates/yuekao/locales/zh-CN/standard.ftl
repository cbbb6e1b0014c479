### 指标库

## 指标库文件的问题
standard-ends-before-it-begins = 止月早于起月。请改正 months。
standard-no-indicator = 一条指标也没有。请用 [[indicator]] 写出指标。
standard-no-exemption = 一条豁免也没有。请用 [[exemption]] 写出豁免。
standard-unused = 没有指标用到“{ $id }”。可以删去。
standard-no-points = 没有分值。请至少为一个严重程度（minor、general、serious）写出分值。
standard-points-not-positive = 分值必须大于零。
standard-points-not-rising = 严重程度越高，分值不能越低。
standard-observe-or-measure = 请写 observe（怎么看）或 measure（量什么），两者必居其一。
standard-thresholds-not-in-order = 阈值没有由轻到重排列。worse = "high" 时应递增，"low" 时应递减。
standard-thresholds-unlike-points = 阈值和分值的严重程度不一致。有分值的程度都要有阈值，反之亦然。
standard-limit-out-of-range = 时限必须在 1 到 366 之间。
standard-bad-category = 类别应写成“体系/种类/四位代码”，如 gb30428/event/0406。
standard-unknown-category = 类别数据中没有“{ $category }”。请查 data/categories.csv。
standard-unknown-condition = 立案条件数据中没有“{ $condition }”。请查 data/case_standards.csv。
standard-condition-of-other-category = 立案条件“{ $condition }”不属于类别“{ $category }”。
standard-unknown-indicator = 指标库“{ $standard }”中没有指标“{ $indicator }”。

## 词
quality-clean = 干净
quality-tidy = 整洁
quality-orderly = 有序
quality-safe = 安全
severity-minor = 轻微
severity-general = 一般
severity-serious = 严重
limit-work_hour = { $value } 个工作时
limit-work_day = { $value } 个工作日
limit-urgent_hour = { $value } 个紧急工作时（连续计时）
limit-urgent_day = { $value } 个紧急工作日（连续计时）
limit-calendar_day = { $value } 个自然日
measure-mm = 毫米
measure-cm = 厘米
measure-m = 米
measure-cm2 = 平方厘米
measure-m2 = 平方米
measure-m3 = 立方米
measure-g_per_m2 = 克/平方米
measure-piece = 件（处）
measure-percent = %
measure-degree = 度
measure-db = 分贝
measure-minute = 分钟
measure-day = 天

## 命令
standard-list-line = { $id } { $title }（自 { $from } 起{ $to ->
        [open] {""}
       *[other] 至 { $to }
    }），{ $count } 条指标
standard-no-such = 没有“{ $id }”。可用 yuekao standard list 查看有哪些指标库，或写文件路径。
standard-no-such-list = 指标库“{ $standard }”没有外部标准“{ $outer }”。可用的有：{ $known }。
standard-assumed = （自拟）
standard-pair = { $name }：{ $value }
standard-list-separator = |、|
standard-severity = 扣分
standard-requirement = 要求
standard-method = 方法
standard-observed = 目测：{ $what }
standard-measured = 测量：{ $what }（{ $unit }）
standard-from = { $severity }：{ $threshold } 及以上，扣 { $points } 分
standard-below = { $severity }：低于 { $threshold }，扣 { $points } 分
standard-judged = { $severity }：扣 { $points } 分
standard-limit = 时限
standard-line = 责任条线
standard-heading = 通报类别
standard-aspect = 工作方面
standard-quality = 目标
standard-opens = 案件类别
standard-opens-within = { $case }（数据中的时限：{ $limit }）
standard-opens-nothing = 不立案，直接交办
standard-serves = 兼顾标准
standard-serves-none = 无
standard-coverage-title = 指标库“{ $title }”对外部标准的覆盖
standard-coverage-not-obtained = { $title }：未取得。清单不公开；取得后用 yuekao standard import-outer { $id } 文件 导入。指标库中有 { $serving } 条指标注明兼顾该标准。
standard-coverage-counts = { $title }：共 { $items } 项，已覆盖 { $covered } 项，未覆盖 { $open } 项。
standard-coverage-open = 未覆盖：{ $item } { $title }
standard-coverage-by = 已覆盖：{ $item } { $title } ← { $indicators }
standard-coverage-unknown-item = 指标“{ $indicator }”写明兼顾“{ $item }”，但清单中没有这一项。
standard-imported = 已导入 { $title }：{ $items } 项，存入 { $file }。
standard-imported-before = { $file } 已是同样的内容，未作改动。
standard-import-refused = 清单有 { $faults } 处错误，未导入。

## 外部标准清单
outer-item-missing = 缺少项目编号。
outer-item-twice = 项目编号“{ $item }”在第 { $row } 行已经用过。
outer-title-missing = 缺少中文名称。
outer-column-missing = 缺少“{ $column }”列。表头应为：item,group,title_zh,title_en,points,indicators。
outer-column-unknown = 不认识“{ $column }”列。表头应为：item,group,title_zh,title_en,points,indicators。
outer-bad-points = 分值不是数。
outer-empty = 清单里一项也没有。
