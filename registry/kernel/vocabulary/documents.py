"""Words of papers: their kinds, whether they hold, and what is told to whoever checks one."""

from registry.kernel.vocabulary.words import Word


class DocumentKind(Word):
    """A kind of paper that is kept."""

    permit = "permit", "许可证打印件"
    registration = "registration", "登记信息单"
    inspection = "inspection", "年检报告书"
    cap_table = "cap_table", "总量调控表"
    municipal = "municipal", "年度执行情况报告"
    progress = "progress", "月度进度表"
    alarm_notice = "alarm_notice", "预警告知函"
    missing_notice = "missing_notice", "催报函"
    renewal_notice = "renewal_notice", "延续提醒"

    @property
    def has_year(self) -> bool:
        """Whether such a paper is about a year."""
        return self in _OF_A_YEAR

    @property
    def editions(self) -> tuple[str, ...]:
        """The words that tell papers of one subject and year apart: versions, or months; mostly none."""
        return _EDITIONS.get(self, ())

    @property
    def about(self) -> str:
        """What such a paper is about: permit, right, region or alarm."""
        return _ABOUT.get(self, "right")


_OF_A_YEAR = {
    DocumentKind.inspection, DocumentKind.cap_table, DocumentKind.municipal, DocumentKind.progress,
    DocumentKind.missing_notice,
}  # fmt: skip
_EDITIONS = {
    DocumentKind.municipal: ("快报", "定报"),
    DocumentKind.progress: tuple(f"{month:02d}" for month in range(1, 13)),
}
_ABOUT = {
    DocumentKind.permit: "permit",
    DocumentKind.cap_table: "region",
    DocumentKind.municipal: "region",
    DocumentKind.progress: "region",
    DocumentKind.alarm_notice: "alarm",
}


class DocumentState(Word):
    """Whether a paper still holds."""

    current = "current", "有效"
    replaced = "replaced", "已替换"
    revoked = "revoked", "已撤销"


class DocumentVerdict(Word):
    """What is told to whoever checks a paper."""

    genuine = "genuine", "真实"
    replaced = "replaced", "已替换"
    revoked = "revoked", "已撤销"
    altered = "altered", "内容不符"
    unknown = "unknown", "未知"
