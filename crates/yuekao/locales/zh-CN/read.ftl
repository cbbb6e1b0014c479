### 读取 TOML 文件（方案、指标库）时的问题


## 语法
toml-syntax = 不符合 TOML 语法（{ $detail }）。请对照手册检查这一行的引号、括号和等号。
toml-duplicate-key = 同一个键写了两次。请删去一个。
toml-unquoted-text = 文字没有加引号。请写成 "……"。
toml-unquoted-key = 键名含有汉字等字符而没有加引号。请改用手册中的键名，或加引号。
toml-unclosed-text = 引号没有成对。请补上后引号。
toml-unclosed-bracket = 括号没有成对。请补上后括号。
toml-missing-comma = 列表或表里缺少逗号，或没有写完。请在各项之间加逗号，并补上后括号。
toml-key-without-value = 键后面没有“= 值”。请补上。
toml-too-deep = 嵌套层数太多。请拆成单独的表。

## 值
read-found-text = 这里写的是文字。
read-found-integer = 这里写的是整数。
read-found-decimal = 这里写的是小数。
read-found-boolean = 这里写的是 true 或 false。
read-found-date = 这里写的是日期。
read-found-list = 这里写的是列表。
read-found-table = 这里写的是表。
read-empty-text = 文字为空。
read-control-character = 文字里有看不见的控制字符。请删去后重新输入。
read-bad-id = 不能作标识。
read-bad-number = 不是能读的数。
read-bad-day = 不是日期。
read-bad-month = “{ $text }”不是月份。
read-unknown-choice = 没有“{ $text }”这个词。
read-missing-key = 缺少“{ $key }”。
read-unknown-key = 不认识“{ $key }”。
read-duplicate-id = “{ $id }”在第 { $line } 行已经用过。请换一个。
read-english-missing = “{ $key }”没有英文，英文页面将显示中文。可写成 { "{" } zh = "……", en = "……" { "}" }。

## CSV 表
read-missing-column = 缺少“{ $column }”列。
read-column-twice = “{ $column }”列写了两次。请删去一列。
read-wrong-width = 这一行有 { $cells } 格，表头有 { $columns } 格。请检查逗号和引号。
read-unclosed-quote = 引号没有成对。请补上后引号。
read-text-after-quote = 后引号之后还有文字。格内的引号请写两遍。

## 应为
read-expected-text = 文字，如 "第三条"
read-expected-id = 小写字母、数字和连字符，如 "manhole-cover-step"
read-expected-words = 文字，或 { "{" } zh = "中文", en = "English" { "}" }
read-expected-number = 数，如 0.5、12、"1/3"、"33.3%"
read-expected-numbers = 数的列表，如 [1, 0.5]
read-expected-number-rows = 成对的数的列表，如 [[0, 60], [10, 100]]
read-expected-integer = 整数，如 3
read-expected-boolean = true 或 false
read-expected-day = 日期，如 "2022-02-01"
read-expected-month = 月份，如 "2022-03"
read-expected-choice = 以下之一：{ $choices }
read-expected-texts = 文字的列表，如 ["甲", "乙"]
read-expected-table = 表，如 { "{" } 键 = 值 { "}" }
read-expected-tables = 一组表，写作 [[……]]
read-expected-columns = 表头至少有：{ $columns }
read-expected-keys = 以下键之一：{ $keys }
read-did-you-mean = 是否想写“{ $key }”？
