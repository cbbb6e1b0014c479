use assessment::message::Words;

use super::*;

const CHINESE: Speaker = Speaker {
    format: Format::Text,
    language: Language::Chinese,
};

fn shipped() -> Standard {
    standard::find("xianning-2021", None)
        .unwrap()
        .unwrap()
        .standard
}

fn coverage_of(lists: &[OuterList], all: bool, language: Language) -> Said {
    let standard = shipped();
    covered(&standard, &coverage(&standard, lists), all, language)
}

#[test]
fn until_lists_are_obtained_nothing_is_said_about_them() {
    assert_eq!(
        coverage_of(&[], false, Language::Chinese).text,
        "指标库“咸宁市城市容貌干净整洁有序安全指标目录（自拟示例）”对外部标准的覆盖\n\
         省城市管理工作检查考评（省城考）：未取得。清单不公开；取得后用 yuekao standard import-outer provincial-exam 文件 导入。指标库中有 98 条指标注明兼顾该标准。\n\
         全国文明城市测评：未取得。清单不公开；取得后用 yuekao standard import-outer civilised-city 文件 导入。指标库中有 94 条指标注明兼顾该标准。\n\
         国家卫生城市标准：未取得。清单不公开；取得后用 yuekao standard import-outer hygienic-city 文件 导入。指标库中有 25 条指标注明兼顾该标准。\n"
    );
    let json = coverage_of(&[], false, Language::English).json;
    assert_eq!(json["outer"][0]["obtained"], false);
    assert_eq!(json["outer"][0]["items"], Value::Null);
}

#[test]
fn a_list_that_was_obtained_is_compared_item_by_item() {
    let text = "item,group,title_zh,title_en,points,indicators\n\
        1,甲,道路平整,Even roads,2,carriageway-pothole;carriageway-crack\n\
        2,甲,空气质量,Air,1.5,\n";
    let (list, faults) =
        outer::read("provincial-exam", "x.csv", text.as_bytes(), &shipped()).unwrap();
    assert!(faults.is_empty());
    let lists = [list];
    let said = coverage_of(&lists, true, Language::Chinese);
    let lines: Vec<&str> = said.text.lines().skip(1).take(3).collect();
    assert_eq!(
        lines,
        [
            "省城市管理工作检查考评（省城考）：共 2 项，已覆盖 1 项，未覆盖 1 项。",
            "  已覆盖：1 道路平整 ← carriageway-pothole, carriageway-crack",
            "  未覆盖：2 空气质量",
        ]
    );
    let said = coverage_of(&lists, false, Language::English);
    let lines: Vec<&str> = said.text.lines().skip(1).take(3).collect();
    assert_eq!(
        lines[0],
        "Provincial assessment of city management: 2 items, 1 covered, 1 not covered."
    );
    assert_eq!(lines[1], "  not covered: 2 Air");
    assert!(lines[2].starts_with("National Civilised City: not obtained."));
    let outer = &said.json["outer"][0];
    assert_eq!(outer["open"], json!(["2"]));
    assert_eq!(
        outer["items"][0]["indicators"],
        json!(["carriageway-pothole", "carriageway-crack"])
    );
    assert_eq!(outer["items"][1]["points"], "1.5");
}

#[test]
fn an_import_takes_all_or_nothing_and_twice_is_once() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("list.csv"));
    let header = "item,group,title_zh,title_en,points,indicators\n";
    let import = |text: &str| {
        std::fs::write(&file, text).unwrap();
        import(&shipped(), "hygienic-city", &file, &data, CHINESE).unwrap()
    };
    let kept = outer::path(&data, "hygienic-city");

    assert_eq!(
        import(&format!("{header}1,,厕所,,,toilet-odour\n1,,市场,,,\n")),
        2
    );
    assert!(!kept.exists());

    assert_eq!(
        import(&format!("{header}1,,厕所,Toilets,,toilet-odour\n")),
        0
    );
    let before = std::fs::read_to_string(&kept).unwrap();
    assert_eq!(
        import(&format!(
            "\u{feff}{header}1,,厕所,Toilets,,toilet-odour\n\n"
        )),
        0
    );
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), before);

    assert_eq!(import(header), 2);
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), before);
    let lists = lists(&shipped(), &[], &data, Language::Chinese).unwrap();
    assert_eq!(lists[0].items[0].title, Words::new("厕所", "Toilets"));
}

#[test]
fn a_list_in_gbk_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("list.csv");
    let text = "item,group,title_zh,title_en,points,indicators\n1,,公厕整洁,,,toilet-odour\n";
    std::fs::write(&file, encoding_rs::GBK.encode(text).0).unwrap();
    let named = format!("hygienic-city={}", file.display());
    let lists = lists(&shipped(), &[named], folder.path(), Language::Chinese).unwrap();
    assert_eq!(lists[0].items[0].title.zh, "公厕整洁");
}

#[test]
fn an_outer_standard_that_the_catalogue_does_not_name_is_refused() {
    let error = known(&shipped(), "national-exam", Language::Chinese).unwrap_err();
    assert_eq!(
        error.to_string(),
        "指标库“xianning-2021”没有外部标准“national-exam”。可用的有：provincial-exam, civilised-city, hygienic-city。"
    );
}

#[test]
fn an_indicator_is_shown_as_an_official_reads_it() {
    let standard = shipped();
    let cases = CaseData::shipped().unwrap();
    let text = |id: &str, language| {
        show::View {
            standard: &standard,
            cases: &cases,
            language,
        }
        .text(standard.indicator(id).unwrap())
    };
    assert_eq!(
        text("manhole-cover-step", Language::Chinese),
        "manhole-cover-step 井盖高差（自拟）\n  \
           要求：井盖与周边路面平顺，高差小于 5 毫米。\n  \
           目标：安全\n  \
           方法：测量：井盖与周边路面的最大高差（毫米）\n  \
           扣分：轻微：5 毫米 及以上，扣 0.1 分\n  \
           扣分：一般：10 毫米 及以上，扣 0.2 分\n  \
           扣分：严重：20 毫米 及以上，扣 0.4 分\n  \
           时限：5 个工作日\n  \
           责任条线：市政维护\n  \
           工作方面：市政设施\n  \
           通报类别：市政设施\n  \
           案件类别：不明井盖 gb30428/component/0123 component-0123-4（数据中的时限：5 个工作日）\n  \
           兼顾标准：省城市管理工作检查考评（省城考）、全国文明城市测评\n"
    );
    assert_eq!(
        text("compound-party-point", Language::English),
        "compound-party-point Party service point not working (assumed)\n  \
           Requirement: The Party branch is named on the board and its point is staffed at its hours.\n  \
           For: orderly\n  \
           Method: look: See the board and the point\n  \
           Costs: minor: 0.03 points\n  \
           Costs: general: 0.06 points\n  \
           Limit: 5 working days\n  \
           Line: Street offices and communities\n  \
           Aspect: Other work\n  \
           Heading: Property service and Party work\n  \
           Case category: none: served without a case\n  \
           Also serves: none\n"
    );
}

#[test]
fn the_list_of_catalogues_says_what_they_are() {
    let said = list(&standard::all(None).unwrap(), Language::English);
    assert_eq!(
        said.text,
        "xianning-2021 Xianning catalogue of indicators: clean, tidy, orderly, safe (our own example) (from 2020-09), 130 indicators\n"
    );
    assert_eq!(said.json[0]["indicators"], 130);
    assert_eq!(said.json[0]["to"], Value::Null);
}
