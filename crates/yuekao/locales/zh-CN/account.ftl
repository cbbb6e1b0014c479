### 账号、登录、首次设置

account-login = 登录名
account-password = 密码
account-name = 名称
account-role = 角色
account-unit = 单位（机构）代码
account-unit-hint = 单位承办人必填，只能看到本单位的案件和清单；第三方人员填第三方机构的代码。
account-state = 状态
account-open = 在用
account-closed = 已停用
account-first-password = 初始密码
account-save = 保存
account-enable = 重新启用
account-disable = 停用账号

login-title = 登录
login-wrong = 登录名或密码不对。
login-forgotten = 忘记密码：请系统管理员给您一个一次性链接。

password-title = 修改密码
password-old = 现在的密码
password-new = 新密码
password-again = 再输一遍新密码
password-save = 保存密码
password-hint = 至少 { $letters } 个字符，不含登录名。
password-must-change = 这个密码是别人给的。请先换成只有您知道的密码。
password-short = 密码太短。至少需要 { $letters } 个字符。
password-long = 密码太长。请不要超过 170 个汉字或 512 个字母。
password-monotonous = 密码太单调。请使用至少五种不同的字符。
password-has-login = 密码里不能含有登录名。
password-differs = 两次输入的新密码不一样。
password-same = 新密码和现在的一样。请换一个。
password-old-wrong = 现在的密码不对。

reset-title = 重设密码
reset-for = 为“{ $login }”设置新密码。这个链接只能用一次。
reset-hint = 生成一个 24 小时内有效、只能用一次的链接，请当面或用可靠的方式交给本人。
reset-make = 生成链接
reset-made = 链接只显示这一次：

hand-over-title = 移交职务
hand-over-hint = 接任的账号得到这个账号的角色和单位，这个账号随即停用。移交会记录在案。
hand-over-to = 接任的账号

accounts-title = 账号
accounts-lede = 设立、修改、停用、移交
accounts-import = 批量设立账号
accounts-new = 设立账号
accounts-make = 设立
accounts-made = 账号已设立
accounts-made-hint = 初始密码只显示这一次。首次登录后必须修改。
accounts-made-waiting = 账号须由安全管理员启用后才能登录。
account-security-only = 账号的角色、启用、停用和密码重置由安全管理员办理。请联系安全管理员。
account-own-role = 不能修改自己的角色。请由另一位管理员办理。
acts-record = 操作记录
acts-lede = 谁在什么时候对什么做了什么
acts-noun = 对象
acts-id = 编号
acts-leaf = 摘要
acts-filter = 筛选
acts-older = 更早的记录
acts-newest = 回到最新
acts-none = 没有符合条件的记录。请放宽筛选条件。
acts-secret-hint = 这里只列出操作本身，不显示内容。
acts-sealed = 属于暗访的操作（计划、派员发放、手机上报、审核、证据和未交办的案件）在当月公布后列出；在此之前，其后的操作不显示序号。
accounts-back = 回到账号
accounts-import-lede = 表格每行一个账号，列为 login、name、role、unit（或 登录名、名称、角色、单位）。角色：unit 单位承办人，chief 路长，inspector 暗访员，agency 第三方负责人，reviewer 第三方审核员，dispatcher 受理派遣员，verifier 核查员，leader 领导，auditor 审计，host 考评办公室，administrator 系统管理员，security 安全管理员，audit-administrator 审计管理员。单位承办人填单位代码，第三方人员填第三方机构代码。
accounts-import-choose = 选择 CSV 文件
accounts-import-hint = UTF-8 或 GBK 编码，不超过 1 MB
accounts-import-none = 表格有错，没有设立任何账号。请改正后重新上传：
accounts-import-line = 第 { $line } 行：
account-rows-none = 表格里没有账号。
account-rows-not-csv = 这一行不是完好的 CSV。请检查引号是否成对。
account-rows-column-missing = 缺少“{ $column }”（{ $label }）这一列。

acts-title = 记录
acts-seq = 序号
acts-at = 时间
acts-who = 经办
acts-kind = 事项
act-account-created = 设立
act-account-changed = 修改
act-account-password-set = 设置密码
act-account-reset-made = 生成一次性链接
act-account-disabled = 停用
act-account-enabled = 重新启用
act-account-handed-over = 移交职务

setup-title = 首次设置
setup-lede = 设立组织单位和第一个系统管理员。之后可以导入单位、用户，并采用实施方案。
setup-code = 设置码
setup-code-hint = 启动程序时显示在终端里。
setup-code-wrong = 设置码不对。请看启动程序的终端；每次启动都会换一个。
setup-host = 组织单位
setup-host-name = 名称
setup-host-name-hint = 印在通报上的全称，例如：某市城市管理工作领导小组办公室。
setup-region = 地区
setup-region-hint = 例如：某市。
setup-name-missing = 请填写组织单位的名称和地区。
setup-administrator = 第一个系统管理员
setup-do = 完成设置

settings-title = 设置
settings-lede = 组织单位、地图、合成数据标记
settings-map-review = 审图号
settings-map-review-hint = 印在地图下面，例如：GS(2022)0000号。
settings-tiles = 地图瓦片地址
settings-tiles-hint = 含 {"{z}"}、{"{x}"}、{"{y}"} 的地址，例如天地图加本市的密钥。不填则地图不访问任何外部网站。
settings-tile-source-bad = 瓦片地址不对。应以 https:// 或 http:// 开头，并含有 {"{z}"}、{"{x}"}、{"{y}"}。
settings-synthetic = 数据是合成的
settings-synthetic-hint = 每个页面和文件都会标明“合成数据，非真实考评结果”。

account-cli-made = 已设立账号“{ $login }”。
account-cli-made-first = 已设立账号“{ $login }”，初始密码：{ $password }（首次登录后必须修改）
account-cli-link = “{ $login }”的一次性链接（24 小时内有效）：{ $link }
account-cli-handed-over = “{ $from }”的职务已移交给“{ $to }”，原账号已停用。

serve-ready = 月考已启动：{ $site }
serve-setup = 月考已启动。请打开 { $site }/setup 完成首次设置，设置码：{ $code }
