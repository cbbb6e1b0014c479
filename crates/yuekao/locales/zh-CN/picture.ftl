### 指标的参考图片

picture-title = 参考图片
picture-lede = 参考图片告诉暗访员一条指标指的是什么。上传后随任务下发到手机，没有网络也能查看；手机只得到去除拍摄信息的副本。图片跟着指标编号走，采用新一版指标库后继续有效。
picture-count = { $count } 项指标中有 { $with } 项已有参考图片
picture-none = 无参考图片
picture-not-ready = 图片正在处理，请稍后刷新；若一直不显示，请重新上传
picture-of = 参考图片：{ $indicator }
picture-set = { $who } 于 { $at } 上传
picture-add = 添加图片
picture-replace = 更换图片
picture-file = JPEG 或 PNG 图片，不超过 10 MB
picture-upload = 上传
picture-remove = 移除
picture-remove-of = 移除“{ $indicator }”的参考图片
picture-missing = 没有收到图片。请选择一张 JPEG 或 PNG 图片，再点“上传”。
picture-large = 图片超过 { $megabytes } MB，没有保存。请压缩后重新上传。
picture-changed = 这项指标的参考图片已被他人更换或移除，没有改动。请刷新页面，查看现在的图片后再办理。
picture-no-indicator = 这个指标库没有编号为“{ $indicator }”的指标。请返回指标库页面重新选择。
