### 试算

what-if-stamp = 试算，不得公布
what-if-refused-before = 按原方案不予评价：{ $why }
what-if-refused-after = 按草案不予评价：{ $why }
what-if-first = 第一名：{ $before } → { $after }
what-if-last = 末名：{ $before } → { $after }
what-if-unit = 单位
what-if-place = 名次
what-if-score = 得分
what-if-moved = 变化
what-if-up = 升 { $count } 位
what-if-down = 降 { $count } 位
what-if-now-ranked = 进入排名
what-if-no-more-ranked = 退出排名
what-if-money = 奖惩金额（各月合计，奖励为正、扣缴为负，含保证金扣款）
what-if-before = 原方案
what-if-after = 草案
what-if-difference = 相差
what-if-total = 合计
what-if-silent = 草案中各月都没有用上的规定：
what-if-none = 无
silent-clause = 分项“{ $of }”的条款“{ $id }”
silent-escalation = 分项“{ $of }”的加重“{ $id }”
silent-item-veto = 分项“{ $of }”的一票否决“{ $id }”
silent-ranking-veto = 排名“{ $of }”的一票否决“{ $id }”
silent-award = 奖惩“{ $of }”
