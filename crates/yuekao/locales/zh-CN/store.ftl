### 存储的拒绝语句

host-exists = 组织单位已经设立，不能再次设立。请登录后在“设置”中修改。
host-missing = 还没有设立组织单位。请先完成首次设置。

account-login-taken = 登录名“{ $login }”已被使用。请换一个。
account-login-bad = “{ $login }”不能作为登录名。请用 2 至 40 个字母、数字、汉字或 . - _，不含空格。
account-not-open = 没有可用的账号“{ $login }”：不存在或已停用。
account-name-missing = 请填写名称。
account-unit-missing = 单位承办人必须填写所属单位编码，第三方人员必须填写所属机构编号。
account-role-bad = “{ $role }”不是角色。应为以下之一：unit、chief、inspector、agency、reviewer、dispatcher、verifier、leader、auditor、host、administrator、security、audit-administrator。
account-last-administrator = 这是最后一个系统管理员账号，不能停用或改作其他角色。请先设立另一个系统管理员。
account-handed-to-itself = 不能把“{ $login }”移交给自己。请选择接任的账号。
account-last-security = 这是最后一个安全管理员账号，不能停用、移交或改作其他角色。请先设立并启用另一个安全管理员。
account-handed-across = 管理员和其他岗位之间、三类管理员之间不能移交职务（“{ $login }”）。请为接任的人设立同一角色的账号，再移交给它。
account-changed-across = 管理员和其他岗位之间、三类管理员之间不能互改角色（“{ $login }”）。请停用这个账号，另设立所需角色的账号。
account-unit-unknown = 本月没有编码为“{ $unit }”的单位。请查看单位表中的编码；尚未列入的，先导入单位。
account-agency-unknown = 没有编号为“{ $unit }”的第三方机构。请查看第三方机构表中的编号；尚未登记的，请考评办公室先登记。
account-reset-over = 这个链接已用过、已过期或不存在。请安全管理员再给您一个；没有设安全管理员的，请系统管理员办理。

standard-text-is-fixed = 指标库“{ $id }”已经采用，文本不能再改。请给修订后的指标库一个新的编号。
scheme-text-is-fixed = 方案“{ $id }”已经采用，文本不能再改。请给修订后的方案一个新的编号。
scheme-not-in-force = 方案“{ $id }”不在采用状态。请刷新页面，查看现在采用的方案。
scheme-overlaps = 方案“{ $id }”与已采用的“{ $other }”有效月份重叠。请修改有效期，或先停用旧方案。

round-exists = { $month }的“{ $series }”已经开期。请在“评价期次”中打开该期。
round-not-open = { $month }的“{ $series }”未处于可冻结的状态：尚未开期，或已经冻结。请先在“评价期次”中查看该期。
round-reopen-needs-another = { $month }的“{ $series }”须由另一人同意才能重新打开，申请人不能自己同意。请另一人登录后办理。
bulletin-not-of-this-round = 通报与{ $month }“{ $series }”冻结的证据或采用的方案文本不一致，未公布。请重新计算后再公布。

store-unit-ended = { $kind ->
    [finding] 问题
    [visit] 检查
   *[case] 案件
} { $row }（{ $day }）属于“{ $name }”（{ $unit }），该单位到 { $last } 为止，{ $month } 没有参评单位对它负责。请把这一条改到接管其职责的单位后重新导入；该单位实际并未撤并的，请在单位表中延长其有效期。
account-leaves-sites = “{ $login }”今天或以后还有机构 { $agency } 派给本人的点位，不能调到其他机构或改作其他角色。请先由该机构把这些点位改派他人；急需到岗的，为其在新机构另设账号。
