### 工作台：首次设置的步骤、暂存的文件

desk-steps = 首次设置
desk-step-host = 组织单位
desk-step-units = 单位
desk-step-units-hint = 由考评办公室从内置的行政区划选取，或导入表格
desk-step-users = 用户
desk-step-users-hint = 由系统管理员设立考评办公室等账号，可用表格批量设立
desk-step-scheme = 实施方案
desk-step-scheme-hint = 由考评办公室先采用指标库，再采用方案
desk-step-done = 已完成
desk-waiting = 待办
desk-to-review = 待审核的问题
desk-visits-to-review = 待审核的检查
desk-open-in-my-grids = 我的网格内未办结的案件

handed-title = 暂存的文件
handed-lede = 这些文件已经上传，尚未导入。只有您能看到，一天后自动清除。
handed-names = 文件
handed-at = 上传时间
handed-kilobytes = 大小（kB）
handed-forget = 删除
handed-forget-this = 删除 { $names }
handed-kept = 文件已暂存，刷新页面或断线都不会丢失，一天后自动清除。
handed-gone = 文件已经导入、删除，或者暂存超过一天。请重新上传。
handed-full = 暂存的文件合计已到 { $megabytes } MB 的上限，没有保存。请先导入或删除暂存的文件，再上传。
