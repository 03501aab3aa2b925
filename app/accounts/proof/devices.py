"""A browser in two words, for the officer's own list of sessions (pure). The browser's own text is never kept."""

UNKNOWN = "Trình duyệt không rõ"
# Order matters: Edge and Cốc Cốc also call themselves Chrome, Chrome calls itself Safari, Android calls itself Linux.
_BROWSERS = (
    ("coc_coc", "Cốc Cốc"),
    ("edg", "Edge"),
    ("opr/", "Opera"),
    ("firefox", "Firefox"),
    ("chrome", "Chrome"),
    ("chromium", "Chrome"),
    ("safari", "Safari"),
)
_SYSTEMS = (
    ("android", "Android"),
    ("iphone", "iPhone"),
    ("ipad", "iPad"),
    ("windows", "Windows"),
    ("mac os", "macOS"),
    ("linux", "Linux"),
)


def device_words(user_agent: str) -> str:
    """Such as "Chrome, Windows"; what is not recognised stays out."""
    text = user_agent.casefold()
    found = [next((words for sign, words in names if sign in text), "") for names in (_BROWSERS, _SYSTEMS)]
    return ", ".join(words for words in found if words) or UNKNOWN
