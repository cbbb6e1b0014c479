### 通报、问题清单、报纸稿

bulletin-synthetic = 合成数据，非真实考评结果
bulletin-list-mark = 、
bulletin-month = { $year }年{ $month }月
bulletin-date = { $year }年{ $month }月{ $day }日
bulletin-title = 关于{ $month }{ $evaluation }结果的通报
bulletin-salutation = { $recipients }：
bulletin-intro =
    { $basis ->
        [none] 现将{ $month }{ $evaluation }结果通报如下：
       *[other] 根据{ $basis }，现将{ $month }{ $evaluation }结果通报如下：
    }
bulletin-no-value = —

## 各节标题
bulletin-ranking = 排名及得分
bulletin-ranking-named = 排名及得分（{ $title }）
bulletin-townships = 各地首末名乡镇（街道）
bulletin-problems = 发现问题情况
bulletin-red-property = 住宅小区“红色物业”情况
bulletin-departments = 专业部门案件处置率
bulletin-awards = 奖惩
bulletin-notes = 有关说明
bulletin-attachments = 附件：
bulletin-attachment = 附件{ $number }
bulletin-components = 各单位分项得分
bulletin-departments-table = 专业部门案件处置情况
bulletin-verification = 评价依据的数据与核对方法

## 句子
bulletin-rose = 与上月相比，得分上升的有：{ $units }。
bulletin-fell = 与上月相比，得分下降的有：{ $units }。
bulletin-handicap = 表中“下调前”为实际成绩，“得分”为按方案下调后参加排名的成绩。
bulletin-found = { $month }{ $title }共发现问题{ $count }个{ $change }。
bulletin-found-none = { $month }{ $title }未发现问题{ $change }。
bulletin-count-more = ，比上月增加{ $by }个
bulletin-count-fewer = ，比上月减少{ $by }个
bulletin-count-same = ，与上月持平
bulletin-average = 平均得分{ $average }分{ $change }。
bulletin-average-up = ，比上月提高{ $by }分
bulletin-average-down = ，比上月下降{ $by }分
bulletin-average-same = ，与上月持平
bulletin-largest = 数量居前的是{ $shares }。
bulletin-share = { $title }{ $count }个（占{ $share }%）
bulletin-departments-summary = 接入指挥平台的{ $count }家专业部门中，处置率达到100%的{ $full }家，有超期未结案件的{ $overdue }家，详见附件{ $attachment }。
bulletin-departments-rule = 处置率为按规定应处置案件中已处置的比例。超期未结的案件计入应处置数；延期、挂账、作废的案件另列，不因此提高处置率。
bulletin-awards-none = 本月没有奖惩事项。
bulletin-award-paid = 奖励{ $money }
bulletin-award-charged = 扣缴{ $money }
bulletin-money = { $yuan }元
bulletin-money-wan = { $wan }万元
bulletin-correction = 本通报更正{ $date }印发的{ $number }，原通报继续可查。更正原因：{ $reason }
bulletin-correction-unnumbered = 通报
bulletin-assumed = 以下规则未见公开文本，系暂定，以正式文件为准：
bulletin-components-see = 各单位分项得分见附件{ $attachment }。
bulletin-verification-see = 本通报的数据摘要及核对方法见附件{ $attachment }。
bulletin-verification-how = 下列摘要为SHA-256值。用公开的证据文件和同一份实施方案重新计算，应得到相同的评价结果摘要。
bulletin-digest-facts = 证据摘要
bulletin-digest-scheme = 方案摘要
bulletin-digest-assessment = 评价结果摘要
bulletin-digest-corrected = 原评价结果摘要
bulletin-copies = 抄送：{ $copies }。
bulletin-issued = { $date }印发
bulletin-chart = 问题分类（个）

## 栏目
bulletin-col-place = 名次
bulletin-col-month = 月份
bulletin-col-unit = 单位
bulletin-col-score = 得分
bulletin-col-before = 下调前
bulletin-col-place-change = 名次变化
bulletin-col-score-change = 得分变化
bulletin-col-note = 备注
bulletin-col-county = 县（市、区）
bulletin-col-first = 首名
bulletin-col-last = 末名
bulletin-col-heading = 问题类别
bulletin-col-count = 数量（个）
bulletin-col-share = 占比
bulletin-col-change = 比上月
bulletin-col-management = 管理类型
bulletin-col-department = 部门
bulletin-col-rate = 处置率
bulletin-col-handled = 已处置
bulletin-col-due = 应处置
bulletin-col-extended = 延期
bulletin-col-suspended = 挂账
bulletin-col-voided = 作废
bulletin-col-overdue = 超期未结
bulletin-col-reason = 事由
bulletin-col-award = 奖惩
bulletin-col-yuan = 金额（元）
bulletin-col-title = 称号
bulletin-col-duty = 须办事项
bulletin-col-item = 项目
bulletin-col-content = 内容

## 工作簿
bulletin-sheet-ranking = 排名
bulletin-sheet-problems = 问题分类
bulletin-sheet-departments = 部门处置率
bulletin-sheet-townships = 乡镇
bulletin-sheet-awards = 奖惩
bulletin-sheet-red-property = 红色物业
bulletin-sheet-red-property-ends = 红色物业首末名
bulletin-sheet-notes = 说明
bulletin-sheet-findings = 问题清单
bulletin-sheet-deductions = 扣分汇总
bulletin-page-of = 第 &P 页，共 &N 页

## 单位问题清单
bulletin-unit-title = { $unit }{ $month }问题清单
bulletin-unit-score = { $evaluation }得分{ $score }分，在{ $ranked }个单位中列第{ $place }名。
bulletin-unit-score-unranked = { $evaluation }得分{ $score }分，不参加排名。
bulletin-unit-before = 下调前得分{ $score }分。
bulletin-unit-findings = 共{ $count }个问题，扣{ $points }分。
bulletin-unit-no-findings = 本月未发现问题。
bulletin-unit-components = 得分构成
bulletin-unit-deductions = 扣分汇总
bulletin-unit-list = 问题清单
bulletin-unit-photo-missing = 照片未取得
bulletin-col-number = 序号
bulletin-col-id = 编号
bulletin-col-time = 时间
bulletin-col-where = 地点
bulletin-col-indicator = 指标
bulletin-col-severity = 程度
bulletin-col-measure = 实测
bulletin-col-points = 扣分
bulletin-col-found-by = 发现来源
bulletin-col-state = 整改
bulletin-col-deadline = 期限
bulletin-col-done = 完成时间
bulletin-col-photos = 照片
bulletin-col-clause = 条款
bulletin-col-component = 分项
bulletin-col-digest = 照片摘要
bulletin-state-due = 期限{ $time }
bulletin-state-done = 完成{ $time }
bulletin-sum = 合计

## 报纸稿
bulletin-news-mark = 【{ $text }】
bulletin-news-first = { $month }{ $evaluation }结果公布：{ $units }以{ $score }分居首。
bulletin-news-none = { $month }{ $evaluation }结果公布，本月没有单位参加排名。
bulletin-news-last = { $units }以{ $score }分排名末位。
bulletin-news-problems = 第三方暗访共发现问题{ $count }个{ $change }。
bulletin-news-average = 各单位平均{ $average }分{ $change }。
bulletin-news-shares = 问题较多的是{ $shares }。
bulletin-news-rose = 得分上升的有{ $units }。
bulletin-news-red = “红色物业”检查发现问题{ $count }个{ $change }。
bulletin-news-awards = 按实施方案，{ $awards }。
bulletin-news-award-paid = { $unit }获奖{ $money }
bulletin-news-award-charged = { $unit }被扣缴{ $money }
bulletin-news-correction = 本次结果为更正后的结果。
