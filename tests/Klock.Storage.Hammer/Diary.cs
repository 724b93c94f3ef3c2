using System.Globalization;
using System.Text;

namespace Klock.Storage.Hammer;

/// <summary>
/// What one worker was told, written to its own file as soon as it was told: each line is one write to the system, so it
/// outlives the process. Without a file it only remembers what is wrong.
/// </summary>
public sealed class Diary : IDisposable
{
    private readonly FileStream? _file;
    private readonly List<string> _wrongs = [];

    public Diary(string? path) => _file = path is null ? null : new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);

    /// <summary>Everything that must not happen but did.</summary>
    public IReadOnlyList<string> Wrongs => _wrongs;

    public void Granted(Reply grant) => Write($"{DiaryLine.Grant} {grant.LeaseId} {grant.Token} {grant.ExpiresAtMs}");

    public void Renewed(string leaseId, long expiresAtMs) => Write($"{DiaryLine.Renewal} {leaseId} {expiresAtMs}");

    public void Releasing(string leaseId) => Write($"{DiaryLine.Releasing} {leaseId}");

    public void Released(string leaseId) => Write($"{DiaryLine.Released} {leaseId}");

    public void Refused(string verdict) => Write($"{DiaryLine.Refusal} {verdict}");

    public void Wrong(string what)
    {
        _wrongs.Add(what);
        Write($"{DiaryLine.Wrong} {what}");
    }

    public void Dispose() => _file?.Dispose();

    private void Write(FormattableString line) => _file?.Write(Encoding.UTF8.GetBytes(line.ToString(CultureInfo.InvariantCulture) + "\n"));
}
