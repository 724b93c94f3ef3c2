using System.Text;

namespace Klock.Storage.Hammer;

/// <summary>
/// The answers that one worker got, written to its own file as soon as they came: each line is one write to the system, so it
/// outlives the process.
/// </summary>
public sealed class Diary : IDisposable
{
    private readonly FileStream _file;

    public Diary(string path) => _file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);

    public void Granted(Heard grant) => Write($"{DiaryLine.Grant} {grant.LeaseId} {grant.Token} {grant.ExpiresAtMs}");

    public void Renewed(string leaseId, long expiresAtMs) => Write($"{DiaryLine.Renewal} {leaseId} {expiresAtMs}");

    public void Releasing(string leaseId) => Write($"{DiaryLine.Releasing} {leaseId}");

    public void Released(string leaseId) => Write($"{DiaryLine.Released} {leaseId}");

    public void Refused(string verdict) => Write($"{DiaryLine.Refusal} {verdict}");

    public void Wrong(string what) => Write($"{DiaryLine.Wrong} {what}");

    public void Dispose() => _file.Dispose();

    private void Write(string line) => _file.Write(Encoding.UTF8.GetBytes(line + "\n"));
}
