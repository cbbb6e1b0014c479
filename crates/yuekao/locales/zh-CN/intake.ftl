### 外来案件：接口密钥与导入

keys-title = 接口密钥
keys-lede = 每个来源系统一个密钥，用来提交案件、按来源编号查询进展。密钥只显示一次，系统只保存它的摘要。
keys-made = 密钥已生成，请立即交给对方，离开本页后不再显示。
keys-none = 还没有密钥。
keys-name = 系统名称
keys-made-at = 生成时间
keys-new = 生成密钥
keys-make = 生成
keys-revoke = 吊销
keys-revoked = 已于 { $at } 吊销
key-not-open = 没有这个密钥，或者已经吊销。请刷新页面。
key-name-missing = 请填写系统名称（不超过 60 字），并选择来源。
key-missing = 没有密钥，或者密钥已被吊销。请在 Authorization 头中写 Bearer 和密钥；密钥由系统管理员生成。

intake-number = 来源编号“{ $value }”为空或超过 64 字。请填写对方系统中的编号。
intake-category = 类别“{ $value }”不存在或没有立案条件。请按类别表填写，如 gb30428/event/0110。
intake-place = “{ $value }”没有写明地点，或超过 300 字。请写明地点，不超过 300 字。
intake-description = “{ $value }”的描述超过 4000 字。请精简后再提交。
intake-county = 没有单位“{ $value }”。请填写县（市、区）编码，或留空。
intake-position = “{ $value }”的经纬度读不出来、只有一个，或者不在国内。请填写 WGS 84 度数，或都留空。
intake-unreadable = 读不出来，没有保存任何内容：{ $value }
intake-too-many = 一次最多 500 件，没有保存任何内容。请分批提交。
intake-empty = 文件中没有行。请填写后再导入。
intake-column = 缺少“{ $value }”列。请用 yuekao template incoming 写出的模板。
intake-line = 第 { $line } 行：{ $why }
intake-bad-rows = 有 { $count } 行不对，没有导入任何内容。请改正后再导入。
intake-differs = “{ $value }”已经收过，这次的内容与当时不同。更正已留存在案件页，并已通知受理派遣员；案件本身没有改变，不必重报。
intake-done = 新收 { $taken } 件，已有 { $known } 件，内容有更正 { $differs } 件。
