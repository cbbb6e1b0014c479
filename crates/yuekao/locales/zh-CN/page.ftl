### 每一页都有的

page-product = 月考
page-product-long = 月考：城市管理月度综合评价系统
page-skip = 跳到正文
page-sending = 正在发送…
page-synthetic = 合成数据，非真实考评结果
page-nav = 主导航
page-crumbs = 位置
page-sign-in = 登录
page-sign-out = 退出
page-copy = 复制
page-copied = 已复制
page-with = { $name }（{ $more }）
page-colon = { $name }：{ $more }

datum-wgs84 = 手机定位（WGS84）
datum-cgcs2000 = 国家大地坐标（CGCS2000）
datum-gcj-02 = 高德、腾讯地图（GCJ-02）
datum-bd-09 = 百度地图（BD-09）

role-citizen = 市民
role-unit = 单位承办人
role-chief = 路长
role-inspector = 暗访员
role-agency = 第三方负责人
role-reviewer = 第三方审核员
role-dispatcher = 受理派遣员
role-verifier = 核查员
role-leader = 领导
role-auditor = 审计
role-host = 考评办公室
role-administrator = 系统管理员
role-security = 安全管理员
role-audit-administrator = 审计管理员

error-title = 没有办成
error-home = 回到首页
error-back = 返回上一页
error-mend = 返回修改
error-desk = 回到工作台
error-not-found = 没有这个页面，或者您不能查看。请检查地址。
error-account-not-found = 没有账号“{ $login }”。请回到账号列表核对登录名。
error-forbidden = 您的角色不能做这件事。需要的话请联系系统管理员。
error-sign-in = 请先登录。
error-form-not-ours = 表单已经失效，没有保存任何内容。请回到原来的页面，刷新后重新填写。
error-too-many-attempts = 失败次数过多。请在 { $minutes } 分钟后再试。
error-broken = 系统出了问题，没有保存任何内容。请稍后再试；仍不行请联系系统管理员查看日志。
error-too-large = 提交的内容太大，没有保存。请拆分后再提交。
error-unreadable = 提交的内容读不出来，没有保存。请刷新页面后重新填写。（{ $why }）

desk-title = 工作台
desk-lede = { $name }（{ $role }）
error-busy = 此刻登录的人太多，请过一分钟再试。
