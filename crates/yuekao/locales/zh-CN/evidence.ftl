### 证据文件:导入、导出、模板

evidence-fault-in-cell = { $sheet } 第 { $row } 行“{ $column }”列{ $text ->
        [none] {""}
       *[other] “{ $text }”
    }:{ $message }{ $expected ->
        [none] {""}
       *[other] 应为:{ $expected }
    }
evidence-fault-in-row = { $sheet } 第 { $row } 行:{ $message }
evidence-fault-in-sheet = { $sheet }:{ $message }

## 整个文件
evidence-unreadable = 无法读取 { $name }。请检查路径和权限。
evidence-nothing-there = { $name } 里没有证据文件。需要 units.csv、findings.csv 等文件,可用 yuekao template 生成模板。
evidence-not-a-zip = { $name } 不是完好的 ZIP 文件。请重新打包。
evidence-file-twice = { $name } 里有两个 { $file }。请只保留一个。
evidence-too-large = { $name } 超过 { $megabytes } MB(含解压后大小),未读取。请拆分后再导入。
evidence-not-utf8 = { $name } 不是 UTF-8 编码的文本。请另存为“CSV UTF-8”。
evidence-not-csv = { $name } 不是完好的 CSV 文件。请检查引号是否成对。

## 表头
evidence-column-missing = 缺少必填列“{ $column }”。请对照模板补上。
evidence-column-twice = “{ $column }”列出现了两次。请只保留一列。
evidence-column-unknown = 不认识“{ $column }”列,未读取。

## 单元格
evidence-empty = 不能为空。
evidence-not-an-id = 不能作编码:太长,或含有控制字符。
evidence-not-a-text = 文字太长,或含有控制字符。
evidence-live-text = 不能以 =、+、-、@ 开头,以免被表格软件当作公式。请改写。
evidence-not-a-number = 不是数。
evidence-a-number = 94.68、1/3 或 33.3%
evidence-not-a-length = 不是长度。
evidence-a-length = 以米为单位的数,不小于 0
evidence-not-a-count = 不是次数。
evidence-a-count = 0、1、2 等整数
evidence-not-yes-or-no = 既不是“是”也不是“否”。
evidence-yes-or-no = 1 或 0(是、否)
evidence-not-a-time = 不是时间。
evidence-a-time = 2022-12-05T09:30
evidence-not-a-month = 不是月份。
evidence-a-month = 2022-12
evidence-not-a-word = 没有这个选项。
evidence-one-of = { $words } 之一
evidence-not-pairs = 不是成对的“名称=值”。
evidence-pairs = 名称=值;名称=值,名称不重复
evidence-not-digests = 不是照片摘要。
evidence-digests = 照片文件的 SHA-256,64 位十六进制,多个用“;”隔开
evidence-not-degrees = 不是经纬度。
evidence-degrees = 以度为单位的小数,例如 114.317218
evidence-half-a-position = 经度和纬度要么都填,要么都不填。
evidence-before = 早于“{ $column }”列的时间。
evidence-duplicate = 与第 { $row } 行重复。

## 行与行之间
evidence-unknown-unit = 没有编码为“{ $text }”的单位,或该单位的行有误。请在单位表里补上,或改正编码。
evidence-unknown-site = 没有编号为“{ $text }”的点位,或该点位的行有误。
evidence-unknown-visit = 没有编号为“{ $text }”的检查,或该检查的行有误。
evidence-unknown-indicator = 标准里没有指标“{ $text }”。
evidence-same-unit-twice = 第二责任单位与责任单位相同。
evidence-unit-below-itself = 上级单位绕回到自己。
