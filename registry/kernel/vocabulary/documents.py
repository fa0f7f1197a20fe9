"""Words of papers: their kinds, whether they hold, and what is told to whoever checks one."""

from registry.kernel.vocabulary.words import Word


class DocumentKind(Word):
    """A kind of paper that is kept."""

    permit = "permit", "许可证打印件"
    inspection = "inspection", "年检表"
    cap_table = "cap_table", "总量调控表"

    @property
    def has_year(self) -> bool:
        """Whether such a paper is about a year."""
        return self is not DocumentKind.permit


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
