//! An invented month: counties named by the ten stems, numbers made up.

use super::text::title;
use super::view::*;

/// December 2022 of an invented city with eight units, one handicap and 32 departments.
pub fn month() -> BulletinView {
    let evaluation = Both::new(
        "城市管理工作月度综合评价",
        "monthly evaluation of city management",
    );
    BulletinView {
        month: "2022-12".into(),
        title: title(&evaluation, "2022-12"),
        evaluation,
        letterhead: Both::new(
            "某某市城市管理工作领导小组办公室文件",
            "Leading Group Office for City Management",
        ),
        issuer: Both::new(
            "某某市城市管理工作领导小组办公室",
            "Leading Group Office for City Management",
        ),
        number: Some("某城管领办〔2023〕1号".into()),
        recipients: vec![
            Both::new("各县（市、区）人民政府", "county governments"),
            Both::new("市直各有关单位", "city departments"),
        ],
        copies: vec![
            Both::new("市委办公室", "Party committee office"),
            Both::new("市政府办公室", "government office"),
            Both::new("市财政局", "finance bureau"),
        ],
        date: "2023-01-09".into(),
        basis: vec![Both::new(
            "《某某市城市管理工作2022年月度综合评价实施方案》",
            "the 2022 scheme of the monthly evaluation",
        )],
        rankings: vec![ranking()],
        rose: vec![unit("甲县"), unit("丙县"), unit("丁县")],
        fell: vec![unit("乙县"), unit("辛县")],
        townships: vec![
            ends("甲县", "马桥镇", "双溪镇"),
            ends("乙县", "簰洲湾镇", "官桥镇"),
            ends("丙县", "隽水镇", "四庄乡"),
        ],
        total: Some(ProblemsView {
            shares: Vec::new(),
            average: None,
            average_change: None,
            ..problems("综合评价", 1714, Some(47), &[])
        }),
        problems: problems(
            "城市管理工作",
            987,
            Some(5),
            &[
                ("社区（村）周边背街小巷", 200, "20.26"),
                ("人行道秩序", 176, "17.83"),
                ("立面空间", 169, "17.12"),
                ("环境卫生", 144, "14.59"),
                ("停车管理", 107, "10.84"),
                ("市政设施", 100, "10.13"),
                ("其他", 91, "9.22"),
            ],
        ),
        red_property: Some(RedPropertyView {
            problems: problems(
                "住宅小区“红色物业”",
                727,
                Some(42),
                &[
                    ("托管型小区", 305, "41.95"),
                    ("专管型小区", 266, "36.59"),
                    ("自管型小区", 156, "21.46"),
                ],
            ),
            ends: vec![
                ends("托管型小区", "东湖小区", "西苑小区"),
                ends("自管型小区", "南门小区", "北门小区"),
            ],
        }),
        departments: departments(32),
        awards: vec![
            award("甲县", "第一名", "1000000", Some("在联席会议上交流经验")),
            award("乙县", "第二名", "600000", None),
            award("丙县", "第三名", "300000", None),
            award("己县", "倒数第三名", "-300000", None),
            award("庚县", "倒数第二名", "-600000", None),
            award("辛县", "倒数第一名", "-1000000", Some("在联席会议上作检讨")),
        ],
        assumed: vec![
            Both::new(
                "每个问题扣分值按严重程度分为三档。",
                "Deductions per problem have three steps of severity.",
            ),
            Both::new(
                "得分相同的单位并列名次，奖金平分。",
                "Equal scores share a place and its money.",
            ),
        ],
        digests: digests(),
        synthetic: true,
        stamp: None,
        correction_of: None,
    }
}

/// A unit with so many problems that each has a photo and the list runs over many pages.
pub fn sheet(findings: usize) -> UnitSheet {
    UnitSheet {
        month: "2022-12".into(),
        evaluation: Both::new(
            "城市管理工作月度综合评价",
            "monthly evaluation of city management",
        ),
        issuer: Both::new(
            "某某市城市管理工作领导小组办公室",
            "Leading Group Office for City Management",
        ),
        unit: unit("乙县"),
        place: Some(2),
        ranked: 8,
        score: Figure::plain("90.33"),
        before_handicap: Some("91.33".into()),
        components: vec![
            (Both::new("实地检查", "Field inspection"), "91.20".into()),
            (Both::new("问题整改", "Rectification"), "100.00".into()),
        ],
        findings: (1..=findings).map(finding).collect(),
        deductions: vec![
            DeductionView {
                indicator: "1.2.3".into(),
                requirement: requirement(),
                clause: Both::new("第七条", "Article 7"),
                count: 12,
                points: Figure::plain("2.40"),
            },
            DeductionView {
                indicator: "2.1.1".into(),
                requirement: Both::new("垃圾桶外观整洁", "bins are clean"),
                clause: Both::new("第八条", "Article 8"),
                count: 3,
                points: Figure::plain("0.30"),
            },
        ],
        deducted: Figure::plain("2.70"),
        date: "2023-01-09".into(),
        digests: digests(),
        synthetic: true,
        stamp: None,
    }
}

fn finding(number: usize) -> FindingView {
    FindingView {
        id: format!("F-2022-12-{number:05}"),
        time: format!("2022-12-{:02} 09:{:02}", number % 28 + 1, number % 60),
        place: Both::new(
            format!("簰洲湾镇测试路{number:03}号门前人行道"),
            format!("pavement at test road {number:03}"),
        ),
        indicator: "1.2.3".into(),
        requirement: requirement(),
        heading: Both::new("市政设施", "municipal facilities"),
        severity: Some(Both::new("一般", "ordinary")),
        measure: Some("18 mm".into()),
        points: Some(Figure::plain("0.20")),
        found_by: Both::new("第三方暗访", "agency"),
        state: Both::new("按期整改", "rectified in time"),
        due: Some("2022-12-20 12:00".into()),
        done: Some("2022-12-19 16:40".into()),
        photos: vec![format!("{number:064x}")],
    }
}

fn requirement() -> Both {
    Both::new(
        "检查井盖与路面高差不大于15 mm,㎡计量的破损另计",
        "the step at a cover is at most 15 mm",
    )
}

/// A name in both languages.
pub fn unit(name: &str) -> Both {
    Both::new(name, format!("{name} (en)"))
}

fn ranking() -> RankingView {
    let rows = [
        ("甲县", "90.68", None, 2, "0.41"),
        ("乙县", "90.33", Some("91.33"), -1, "-0.12"),
        ("丙县", "90.15", None, 1, "0.20"),
        ("丁县", "89.92", None, 0, "0.05"),
        ("戊县", "89.71", None, 0, "0.00"),
        ("己县", "89.31", None, -1, "0.00"),
        ("庚县", "89.18", None, 0, "0.00"),
        ("辛县", "88.00", None, -1, "-1.30"),
    ];
    let row = |(index, (name, score, before, places, change)): (
        usize,
        (&str, &str, Option<&str>, i32, &str),
    )| RankedView {
        code: format!("U{index}"),
        place: Some(index as u32 + 1),
        unit: unit(name),
        score: Figure {
            text: score.into(),
            exact: (index == 0).then(|| "136019/1500".into()),
        },
        before_handicap: before.map(Into::into),
        components: vec![
            Some(format!("8{index}.10")),
            Some("100.00".into()),
            (index != 3).then(|| "94.64".into()),
        ],
        place_change: Some(places),
        score_change: Some(change.into()),
        note: None,
    };
    RankingView {
        title: Both::new("综合排名", "Overall ranking"),
        components: vec![
            Both::new("实地检查", "Field inspection"),
            Both::new("问题整改", "Rectification"),
            Both::new("红色物业", "Red property"),
        ],
        rows: rows.into_iter().enumerate().map(row).collect(),
    }
}

fn ends(group: &str, first: &str, last: &str) -> EndsView {
    let placed = |name: &str, score: &str| {
        Some(PlacedView {
            code: String::new(),
            unit: unit(name),
            score: Some(Figure::plain(score)),
        })
    };
    EndsView {
        series: String::new(),
        group: unit(group),
        first: placed(first, "95.20"),
        last: placed(last, "84.75"),
    }
}

fn problems(
    title: &str,
    count: u64,
    change: Option<i64>,
    shares: &[(&str, u64, &str)],
) -> ProblemsView {
    let share = |&(title, count, share): &(&str, u64, &str)| ShareView {
        title: unit(title),
        count,
        count_change: Some(3),
        share: share.into(),
    };
    ProblemsView {
        title: unit(title),
        count,
        count_change: change,
        average: Some(Figure::plain("89.11")),
        average_change: Some("-0.37".into()),
        shares: shares.iter().map(share).collect(),
    }
}

/// So many departments, the fourth with nothing due.
pub fn departments(count: u64) -> Vec<DepartmentView> {
    let department = |number: u64| DepartmentView {
        code: String::new(),
        unit: unit(&format!("第{number}专业部门")),
        numerator: if number == 4 { 0 } else { 100 - number % 3 },
        denominator: if number == 4 { 0 } else { 100 },
        rate: (number != 4).then(|| format!("{}.00", 100 - number % 3)),
        extended: number % 5,
        suspended: number % 2,
        voided: 1,
        overdue_open: number % 3,
    };
    (1..=count).map(department).collect()
}

fn award(name: &str, reason: &str, yuan: &str, duty: Option<&str>) -> AwardView {
    AwardView {
        code: name.into(),
        unit: unit(name),
        reason: unit(reason),
        yuan: Some(yuan.into()),
        titles: Vec::new(),
        duties: duty.map(unit).into_iter().collect(),
    }
}

fn digests() -> DigestsView {
    DigestsView {
        facts: "1a".repeat(32),
        scheme: "2b".repeat(32),
        assessment: "3c".repeat(32),
    }
}
