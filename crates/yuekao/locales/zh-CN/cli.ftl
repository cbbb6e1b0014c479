issues-none = { $file }：未发现问题。
issues-here = 此处
assess-digest = 结果摘要（SHA-256）：{ $digest }
issues-expected = 应为：{ $expected }
issues-count = { $file }：{ $faults } 处错误，{ $warnings } 处提醒。

### 文件

file-missing = 没有找到文件“{ $path }”。请核对路径和文件名后重新运行。
file-is-folder = “{ $path }”是文件夹，不是文件。请写明其中的文件。
file-folder-missing = 没有找到文件夹“{ $path }”。请核对路径后重新运行。
file-no-folder = “{ $path }”不是文件夹。请改写为文件夹的路径。
file-not-allowed = 没有权限读取“{ $path }”。请设置读取权限，或换用有权限的用户运行。
file-not-read = 读取“{ $path }”时出错（系统错误代码 { $code }）。请检查磁盘或换一份文件后重新运行。
file-large = 文件“{ $path }”超过 { $megabytes } MB，不像是方案、指标库或表格。请核对文件后重新运行。
file-not-text = 文件“{ $path }”不是 UTF-8 或 GB 18030 编码的文本。请另存为 UTF-8 后重新运行。
file-nowhere = 没有可以写入“{ $path }”的文件夹。请先建立文件夹，或改写路径。
file-write-is-folder = “{ $path }”是文件夹，不能写成文件。请改写文件名。
file-write-not-allowed = 没有权限写入“{ $path }”。请换一个文件夹，或换用有权限的用户运行。
file-no-room = 磁盘已满，没有写完“{ $path }”。请腾出空间后重新运行。
file-not-written = 写入“{ $path }”时出错（系统错误代码 { $code }）。请检查磁盘后重新运行。
serve-bad-certificate = 证书“{ $cert }”和私钥“{ $key }”不是 PEM 格式，或者不配套。请换用正确的一对。

### 备份

backup-progress = 正在复制文件
backup-done = 已备份到“{ $path }”：数据库和 { $files } 个文件，共 { $megabytes } MB。
backup-postgres = 数据库在 PostgreSQL 中，请用 pg_dump 备份，再复制数据文件夹中的 originals、previews、photos、thumbs。
backup-no-database = “{ $path }”中没有数据库 yuekao.db。请核对路径后重新运行。
backup-not-empty = “{ $path }”不是空文件夹，不会覆盖已有内容。请改用空文件夹，或尚不存在的文件夹。
restore-in-use = “{ $path }”是正在使用的数据文件夹，或程序曾异常停止：数据库旁边还有日志文件。请先用 yuekao backup 备份，再从备份恢复。
restore-done = 已恢复到“{ $path }”：数据库和 { $files } 个文件，共 { $megabytes } MB。请先用 yuekao check 检查，再启动网站。
check-progress = 正在核对原件
check-sound = 数据库、记录和照片原件完好。
check-database = 数据库已损坏：{ $why }
check-act = 第 { $act } 条记录缺失，或与写入时不一致。
check-missing = 缺少文件“{ $path }”。
check-changed = 文件“{ $path }”与写入时不一致。
