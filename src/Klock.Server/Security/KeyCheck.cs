using Klock.Coordinator.Protocol;
using Klock.Server.Http;
using Klock.Server.Keys;
using Microsoft.AspNetCore.Http;

namespace Klock.Server.Security;

/// <summary>Judges keys, wherever in a request they are, by the same rules. Thread-safe.</summary>
internal sealed class KeyCheck(KeyRing keys, TimeProvider time)
{
    // Timers of clients end some ms early. Who waited as long as he was told to must not be refused again.
    private static readonly TimeSpan Early = TimeSpan.FromMilliseconds(50);

    private readonly WrongKeys _wrong = new(time);

    /// <summary>Whether no key is needed.</summary>
    public bool NeedsNone => keys.IsEmpty;

    /// <summary>The rights of a key; null when it is not known here, or its sender has tried too many.</summary>
    /// <param name="context">The request.</param>
    /// <param name="key">The key.</param>
    /// <param name="wait">How long its sender must wait, if it has tried too many; else null.</param>
    public KeyRights? Find(HttpContext context, ReadOnlySpan<byte> key, out TimeSpan? wait)
    {
        KeyRights? found = keys.Find(key);
        wait = _wrong.Judge(context.Connection.RemoteIpAddress, key, found is not null);
        return wait is null ? found : null;
    }

    /// <summary>Answers that the key is none of this server's, or that there were too many.</summary>
    /// <param name="context">The request.</param>
    /// <param name="wait">What <see cref="Find"/> said.</param>
    /// <param name="sentence">Why, when it is not known.</param>
    public static Task RefuseAsync(HttpContext context, TimeSpan? wait, string sentence)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        if (wait is not { } time)
        {
            return ErrorAnswer.WriteAsync(context, ErrorCode.Unauthorized, sentence);
        }

        int seconds = (int)Math.Ceiling((time + Early).TotalSeconds);
        context.Response.Headers.RetryAfter = $"{seconds}";
        return ErrorAnswer.WriteAsync(
            context, StatusCodes.Status429TooManyRequests, ErrorCode.Unauthorized,
            $"Too many different wrong keys came from this address: {WrongKeys.Burst} are judged at once, and one more every "
                + $"{WrongKeys.OneMore.TotalSeconds:0} s. Try again in {seconds} s.");
    }
}
