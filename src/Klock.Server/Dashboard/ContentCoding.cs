using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Klock.Server.Dashboard;

/// <summary>How the bytes of an answer are compressed.</summary>
internal enum ContentCoding
{
    /// <summary>Not at all.</summary>
    Identity,

    /// <summary>By gzip (RFC 1952).</summary>
    Gzip,

    /// <summary>By Brotli (RFC 7932).</summary>
    Brotli,
}

/// <summary>Names of content codings, and the choice among them.</summary>
internal static class ContentCodings
{
    private static readonly ContentCoding[] _bestFirst = [ContentCoding.Brotli, ContentCoding.Gzip, ContentCoding.Identity];

    /// <summary>As HTTP names it.</summary>
    public static string ToName(this ContentCoding coding) => coding switch
    {
        ContentCoding.Brotli => "br",
        ContentCoding.Gzip => "gzip",
        _ => "identity",
    };

    /// <summary>The coding that a client prefers; of those that it likes as much, the smallest (RFC 9110, section 12.5.3).</summary>
    public static ContentCoding For(HttpRequest request)
    {
        if (!StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out IList<StringWithQualityHeaderValue>? wanted))
        {
            return ContentCoding.Identity;
        }

        ContentCoding best = _bestFirst.MaxBy(coding => QualityOf(coding, wanted));
        return QualityOf(best, wanted) > 0 ? best : ContentCoding.Identity;
    }

    private static double QualityOf(ContentCoding coding, IList<StringWithQualityHeaderValue> wanted) =>
        Find(coding.ToName(), wanted) ?? Find("*", wanted) ?? (coding == ContentCoding.Identity ? 0.001 : 0);

    private static double? Find(string name, IList<StringWithQualityHeaderValue> wanted)
    {
        StringWithQualityHeaderValue? found = wanted.FirstOrDefault(one => one.Value.Equals(name, StringComparison.OrdinalIgnoreCase));
        return found is null ? null : found.Quality ?? 1;
    }
}
