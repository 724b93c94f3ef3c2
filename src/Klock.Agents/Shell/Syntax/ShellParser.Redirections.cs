namespace Klock.Agents.Shell.Syntax;

/// <content>Redirections and here-documents.</content>
internal sealed partial class ShellParser
{
    // The longer ones first.
    private static readonly (string Sign, RedirectionKind Kind)[] _signs =
    [
        ("&>>", RedirectionKind.Append), ("&>", RedirectionKind.Write),
        ("<<<", RedirectionKind.String), ("<<", RedirectionKind.Document), ("<>", RedirectionKind.ReadWrite),
        ("<&", RedirectionKind.Duplicate), ("<", RedirectionKind.Read),
        (">>", RedirectionKind.Append), (">&", RedirectionKind.Duplicate), (">|", RedirectionKind.Write), (">", RedirectionKind.Write),
    ];

    private bool TakeRedirection(List<Redirection> found)
    {
        int start = _at;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
        {
            _at++;
        }

        (string Sign, RedirectionKind Kind) sign = _signs.FirstOrDefault(each => IsAt(each.Sign));
        bool isProcess = _at == start && (IsAt("<(") || IsAt(">("));
        if (sign.Sign is null || isProcess || (_at > start && IsAt('&')))
        {
            _at = start;
            return false;
        }

        Redirection redirection = new(sign.Kind, IsOutput: sign.Sign[0] != '<');
        _at += sign.Sign.Length;
        bool stripsTabs = sign.Kind == RedirectionKind.Document && IsAt('-');
        _at += stripsTabs ? 1 : 0;
        SkipBlanks();
        if (ReadWord() is not { } target)
        {
            Fail($"nothing follows '{sign.Sign}'");
            return false;
        }

        redirection.Target = target;
        found.Add(redirection);
        if (sign.Kind == RedirectionKind.Document)
        {
            bool isQuoted = target.Bare is null;
            string end = string.Concat(target.Parts.OfType<Literal>().Select(part => part.Text));
            _documents.Add((redirection, end, isQuoted, stripsTabs));
            redirection.Target = new Word([], "");
        }

        return true;
    }

    // At the beginning of a line: the texts that the line before it announced.
    private void ReadDocuments()
    {
        foreach ((Redirection redirection, string end, bool isQuoted, bool stripsTabs) in _documents)
        {
            List<string> lines = [];
            while (_at < _text.Length)
            {
                int lineEnd = _text.IndexOf('\n', _at);
                string line = lineEnd < 0 ? _text[_at..] : _text[_at..lineEnd];
                _at = lineEnd < 0 ? _text.Length : lineEnd + 1;
                line = stripsTabs ? line.TrimStart('\t') : line;
                if (line == end || (line.EndsWith('\r') && line.AsSpan(0, line.Length - 1).SequenceEqual(end)))
                {
                    break;
                }

                lines.Add(line);
            }

            string body = string.Concat(lines.Select(line => line + "\n"));
            redirection.Target = isQuoted ? new Word([new Literal(body, IsQuoted: true)], "<<") : Expandable(body);
        }

        _documents.Clear();
    }

    // A text in which $ and ` still mean something, and quotes do not.
    private Word Expandable(string body)
    {
        ShellParser inner = new(body, _depth);
        List<WordPart> parts = [];
        inner.ReadQuoted(parts, end: '\0');
        _trouble ??= inner._trouble;
        return new Word(parts, "<<");
    }
}
