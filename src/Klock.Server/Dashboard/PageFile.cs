using System.IO.Hashing;

namespace Klock.Server.Dashboard;

/// <summary>One file of the page, in each coding in which it is served.</summary>
/// <param name="mediaType">Its media type.</param>
/// <param name="brotli">Its bytes, compressed by Brotli.</param>
/// <param name="gzip">Its bytes, compressed by gzip.</param>
/// <param name="plain">Its bytes.</param>
internal sealed class PageFile(string mediaType, byte[] brotli, byte[] gzip, byte[] plain)
{
    private readonly string _hash = Convert.ToHexStringLower(XxHash128.Hash(plain));

    /// <summary>Its media type.</summary>
    public string MediaType => mediaType;

    /// <summary>Its bytes in a coding.</summary>
    public byte[] In(ContentCoding coding) => coding switch
    {
        ContentCoding.Brotli => brotli,
        ContentCoding.Gzip => gzip,
        _ => plain,
    };

    /// <summary>The entity tag of those bytes, quoted.</summary>
    public string TagIn(ContentCoding coding) => $"\"{_hash}-{coding.ToName()}\"";
}
