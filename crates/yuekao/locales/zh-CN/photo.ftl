### 随表单提交的照片

photo-large = 照片太大，没有保存。请换一张小一些的（市民上报每张 15 MB，处置照片每张 30 MB）。
photo-kind = 不是 JPEG 或 PNG 照片，没有保存。请重新拍一张或另选一张。
photo-damaged = 照片不完整或已损坏，没有保存。请重新拍一张或另选一张。
photo-pixels = 照片像素过多（约五千万像素以上），没有保存。请换一张小一些的。
photo-cut-off = 照片不完整
