### 证据文件：导入、导出、模板

evidence-fault-in-cell = { $sheet } 第 { $row } 行“{ $column }”列{ $text ->
        [none] {""}
       *[other] “{ $text }”
    }：{ $message }{ $expected ->
        [none] {""}
       *[other] 应为：{ $expected }
    }
evidence-fault-in-row = { $sheet } 第 { $row } 行：{ $message }
evidence-fault-in-sheet = { $sheet }：{ $message }

## 整个文件
evidence-unreadable = 无法读取 { $name }。请检查路径和权限。
evidence-nothing-there = { $name } 里没有证据文件。需要 units.csv、findings.csv 等文件，可用 yuekao template 生成模板。
evidence-not-a-zip = { $name } 不是完好的 ZIP 文件。请重新打包。
evidence-file-twice = { $name } 里有两个 { $file }。请只保留一个。
evidence-too-large = { $name } 超过 { $megabytes } MB（含解压后大小），未读取。请拆分后再导入。
evidence-not-a-text-file = { $name } 不是文本表格。请另存为 CSV（UTF-8 或 GBK）或 XLSX。
evidence-damaged-utf8 = { $name } 从第 { $line } 行起编码损坏。请重新导出该文件。
evidence-old-excel = { $name } 是旧版 .xls 文件或加了密码。请去掉密码，另存为 .xlsx。
evidence-not-a-workbook = { $name } 不是完好的 XLSX 工作簿。请用表格软件打开后另存。
evidence-too-wide = 工作表 { $name } 的 { $cell } 单元格太靠右，表格最多 256 列。请删去无关内容。
evidence-not-csv = { $name } 不是完好的 CSV 文件。请检查引号是否成对。

evidence-sheet-unknown = 不认识这张工作表，未读取。表名或表头应与模板一致。
evidence-kind-unknown = 看不出 { $name } 是哪种数据。表头应与空白表一致：网页上从“下载空白表”取得，命令行用 yuekao template 生成。
evidence-template-empty = { $name } 里没有数据行（模板未填写）。
evidence-not-a-photo = { $name } 不是完好的照片（JPEG 或 PNG），或尺寸太大。
evidence-photos = 照片

## 表头
evidence-column-missing = 缺少必填列“{ $column }”。请对照模板补上。
evidence-column-twice = “{ $column }”列出现了两次。请只保留一列。
evidence-column-unknown = 不认识“{ $column }”列，未读取。

## 单元格
evidence-empty = 不能为空。
evidence-not-an-id = 不能作编码：太长，或含有控制字符。
evidence-not-a-text = 文字太长，或含有控制字符。
evidence-live-text = 不能以 =、+、-、@ 开头，以免被表格软件当作公式。请改写。
evidence-not-a-number = 不是数。
evidence-a-number = 94.68、1/3 或 33.3%
evidence-not-a-length = 不是长度。
evidence-a-length = 以米为单位的数，不小于 0
evidence-not-a-count = 不是次数。
evidence-a-count = 0、1、2 等整数
evidence-not-yes-or-no = 既不是“是”也不是“否”。
evidence-yes-or-no = 1 或 0（是、否）
evidence-not-a-time = 不是时间。
evidence-a-time = 2022-12-05T09:30
evidence-not-a-month = 不是月份。
evidence-a-month = 2022-12
evidence-not-a-word = 没有这个选项。
evidence-one-of = { $words } 之一
evidence-not-pairs = 不是成对的“名称=值”。
evidence-pairs = 名称=值，多个用“;”隔开，名称不重复
evidence-not-digests = 不是照片摘要。
evidence-digests = 照片文件的 SHA-256，64 位十六进制，多个用“;”隔开
evidence-not-degrees = 不是经纬度。
evidence-degrees = 以度为单位的小数，例如 114.317218
evidence-half-a-position = 经度和纬度要么都填，要么都不填。
evidence-day-only = 只有日期，按 { $taken } 计。
evidence-not-a-share = 不是占比。
evidence-a-share = 16.42%
evidence-not-a-datum = 不认识的坐标系。
evidence-a-datum = WGS84、CGCS2000、GCJ-02 或 BD-09
evidence-swapped-position = 经度和纬度填反了。
evidence-not-in-china = 不在中国范围内。请检查经纬度和坐标系。
evidence-merged-cells = 合并单元格，无法判断数据属于哪一行。请取消合并，每行填全。
evidence-formula-without-value = 公式没有计算结果。请打开重新计算并保存，或改填数值。
evidence-formulas = { $count } 个单元格是公式（第一个在 { $cell }），按其计算结果读取，公式本身不保存。
evidence-error-in-cell = 单元格是错误值。请改正。
evidence-inexact-number = 数字太长，表格软件已丢失精度。请把该列设为文本格式后重填。
evidence-before = 早于“{ $column }”列的时间。
evidence-duplicate = 与 { $sheet } 第 { $row } 行重复。

## 行与行之间
evidence-unknown-unit = 没有编码为“{ $text }”的单位，或该单位的行有误。请在单位表里补上，或改正编码。
evidence-unknown-site = 没有编号为“{ $text }”的点位，或该点位的行有误。请在点位表里补上，或改正编号。
evidence-unknown-visit = 没有编号为“{ $text }”的检查，或该检查的行有误。请在检查表里补上，或改正编号。
evidence-unknown-indicator = 指标库里没有指标“{ $text }”。请改用指标库里的编号或名称。
evidence-ambiguous-name = 有多个单位或指标叫“{ $text }”，请改用编码：{ $codes }。
evidence-same-unit-twice = 第二责任单位与责任单位相同。请改成另一个单位，或留空。
evidence-unit-below-itself = 上级单位绕回到自己。请改正上级编码。

## 已公布的榜单
evidence-rank-against-scores = { $unit } 得分 { $score }，印为第 { $rank } 名，按得分应为第 { $place } 名。照原样保存。
evidence-share-against-count = { $category } 印为 { $printed }%，而 { $count } ÷ { $total } 是 { $right }%。照原样保存。
evidence-totals-differ = 总数 { $total } 与同一板块的另一个总数 { $other } 不一致。照原样保存。
evidence-counts-above-total = 各类合计 { $sum }，超过总数 { $total }。照原样保存。

## 导入
evidence-month-needed = 单位表和外部数据表要说明属于哪个月。请指定月份（--month 2022-12）。
evidence-no-scheme-holds = 评价系列“{ $series }”在 { $month } 没有有效的方案，证据无处可用。请检查月份，或先采用方案。
evidence-no-scheme = 该评价系列还没有采用方案，指标和月份未核对。
evidence-month-closed = { $month } 已冻结或已公布。导入的内容不改变已冻结的结果。
evidence-outside-month = 不属于 { $month } 这一期（{ $from } 至 { $to }）。
evidence-unit-not-valid = 单位“{ $unit }”在 { $month } 不存在。请检查单位和时间。
evidence-photos-missing = 有 { $count } 张照片尚未收到，可以以后补交。
evidence-moved-on = 预览之后证据有了变动，未导入。请重新预览。
evidence-has-faults = 有 { $count } 处错误，未导入。请改正后重新导入，或同意只导入其余各行（--accept-rest）。
evidence-has-changes = 有 { $count } 行与已有内容不同，未导入。请核对前后内容，同意后再导入（--yes）。

## 评价范围（GeoJSON）
evidence-areas = 评价范围
evidence-not-json = { $name } 第 { $line } 行第 { $column } 列起不是完好的 JSON。请重新导出。
evidence-not-geojson = { $name } 不是 GeoJSON 要素集合（FeatureCollection）。
evidence-geojson-system = { $name } 的坐标系“{ $system }”不认识。请转换为 WGS84、CGCS2000、GCJ-02 或 BD-09。
evidence-no-polygon = 没有面（Polygon 或 MultiPolygon）。
evidence-too-many-points = 节点太多。请先简化。
evidence-open-ring = 边界没有闭合：首尾两点应相同。
evidence-ring-too-short = 边界的节点太少。
evidence-ring-crosses-itself = 边界自相交。
evidence-hole-outside = 内部的洞越出了边界。
evidence-polygons-overlap = 同一单位的几个面互相重叠或共边。
evidence-areas-overlap = 与第 { $row } 个要素的月份重叠。同一单位同一时间只能有一个范围。

## 命令
evidence-no-such-kind = 没有“{ $word }”这种数据。可选：units、sites、visits、findings、cases、measures、results、boards、shares。
evidence-written = 已写入 { $path }
evidence-exists = { $path } 已存在。请换一个位置，或用 --force 覆盖。
evidence-reading = 正在读取
evidence-checking = 正在核对
evidence-taking = 正在导入
evidence-taken = 已导入。
evidence-nothing-new = 内容与已有的相同，没有变动。
evidence-say-series = 请用 --series 指明评价系列：{ $list }
evidence-count = { $kind }：新增 { $new }，变动 { $changed }，相同 { $same }
evidence-more = ……另有 { $count } 条，完整内容见 --format json

## 模板
evidence-example = 示例，导入时略过
evidence-notes-how = 每张表一种数据。前两行是列名，请勿改动；从第三行起填写，不用的表可以空着。
evidence-notes-required = 带 * 的列必须填写。
evidence-notes-example = “备注”列写着“示例”的行导入时略过。
evidence-notes-times = 时间写成 2022-12-05T09:30 或 2022/12/5 9:30；只有日期时，期限按当天 23:59 计，其余按 00:00 计。
evidence-notes-units = 单位和指标可以写编码，也可以写完整名称；重名的只能写编码。
evidence-notes-lists = 一格中有多项时用“;”隔开；属性和等级写成“名称=值”。
evidence-notes-coordinates = 经纬度默认为 WGS84（CGCS2000 同）；用高德、百度等坐标时请填“坐标系”列。

## 表和列
evidence-units = 单位
evidence-units-code = 单位编码
evidence-units-name = 单位名称
evidence-units-kind = 单位类型
evidence-units-parent = 上级单位
evidence-units-attributes = 属性
evidence-units-to = 最后月份
evidence-unit-ended-before = 单位的最后月份在 { $month } 之前。请把本表“自哪个月起有效”改为不晚于最后月份，或清空这一格。
evidence-unit-goes-on = 单位自 { $from } 起另有登记。最后月份请填 { $from } 之前的月份，或以 { $from } 为起始月份另行导入。
evidence-sites = 点位
evidence-sites-id = 点位编号
evidence-sites-unit = 所在单位
evidence-sites-name = 点位名称
evidence-sites-stratum = 点位类型
evidence-sites-length-m = 长度（米）
evidence-sites-lng = 经度
evidence-sites-lat = 纬度
evidence-sites-datum = 坐标系
evidence-visits = 检查
evidence-visits-id = 检查编号
evidence-visits-unit = 被查单位
evidence-visits-site = 点位编号
evidence-visits-at = 检查时间
evidence-visits-length-m = 检查长度（米）
evidence-visits-grades = 评定等级
evidence-findings = 问题
evidence-findings-id = 问题编号
evidence-findings-visit = 检查编号
evidence-findings-site = 点位编号
evidence-findings-unit = 责任单位
evidence-findings-second-unit = 第二责任单位
evidence-findings-indicator = 指标
evidence-findings-severity = 严重程度
evidence-findings-found-by = 发现途径
evidence-findings-found-at = 发现时间
evidence-findings-due-at = 整改期限
evidence-findings-rectified-at = 整改完成时间
evidence-findings-repeated = 重复次数
evidence-findings-relapsed = 是否复发
evidence-findings-failed = 复查未通过次数
evidence-findings-excluded = 不计原因
evidence-findings-value = 测量值
evidence-findings-place = 位置描述
evidence-findings-lng = 经度
evidence-findings-lat = 纬度
evidence-findings-photos = 照片摘要
evidence-findings-datum = 坐标系
evidence-cases = 案件
evidence-cases-id = 案件编号
evidence-cases-unit = 处置单位
evidence-cases-category = 案件类别代码
evidence-cases-dispatched-at = 派遣时间
evidence-cases-due-at = 处置期限
evidence-cases-handled-at = 处置完成时间
evidence-cases-voided-at = 作废时间
evidence-cases-extended = 延期次数
evidence-cases-suspended = 是否挂账
evidence-cases-returned = 退回次数
evidence-cases-reworked = 返工次数
evidence-measures = 外部数据
evidence-measures-key = 数据项
evidence-measures-unit = 单位
evidence-measures-value = 数值
evidence-results = 历史结果
evidence-results-series = 评价系列
evidence-results-month = 月份
evidence-results-name = 结果项
evidence-results-unit = 单位
evidence-results-value = 数值
evidence-boards = 已公布得分
evidence-boards-period = 月份
evidence-boards-unit = 单位
evidence-boards-score = 得分
evidence-boards-rank = 排名
evidence-boards-source = 来源
evidence-shares = 已公布类别
evidence-shares-period = 月份
evidence-shares-block = 板块
evidence-shares-category = 类别
evidence-shares-count = 数量
evidence-shares-share = 占比
evidence-shares-total = 总数
evidence-shares-source = 来源
evidence-notes = 说明
evidence-note = 备注
