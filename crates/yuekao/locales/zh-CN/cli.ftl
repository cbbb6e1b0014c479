issues-none = { $file }：未发现问题。
issues-here = 此处
assess-digest = 结果摘要（SHA-256）：{ $digest }
issues-expected = 应为：{ $expected }
issues-count = { $file }：{ $faults } 处错误，{ $warnings } 处提醒。
