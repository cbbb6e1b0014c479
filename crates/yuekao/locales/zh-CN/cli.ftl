issues-none = { $file }:未发现问题。
issues-here = 此处
assess-digest = 结果摘要(SHA-256):{ $digest }
