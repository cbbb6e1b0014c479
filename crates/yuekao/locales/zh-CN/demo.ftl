demo-drawing = 正在绘制照片、建立单位……
demo-walking = { $month }：暗访员外出、案件办理，走到 { $at }
demo-accounts = 演示账号（密码均为 { $password }）：
demo-not-ours = 这个数据文件夹里已有数据，但不是演示数据，或者上次生成没有完成。请另选一个空文件夹。
