using System.Runtime.InteropServices;
using System.Text;
using Klock.Native.Tests.Support;

namespace Klock.Native.Tests;

/// <summary>How far the library reads: to the NUL, never past it, and never past its limit.</summary>
public sealed unsafe partial class TextTests
{
    private const int PageBytes = 4096;
    private const int NoAccess = 0;
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;

    [Fact]
    public void A_text_that_ends_at_the_end_of_its_page_is_read_no_further()
    {
        using var klock = new OpenKlock(KlockLibrary.Product);
        byte* pages = Map(2 * PageBytes);
        Assert.Equal(0, Protect(pages + PageBytes, PageBytes, NoAccess));
        for (int padding = 0; padding < 70; padding++)
        {
            byte[] json = Encoding.UTF8.GetBytes(OpenKlock.AcquireJson($"/{padding}") + new string(' ', padding) + '\0');
            byte* text = pages + PageBytes - json.Length;
            json.CopyTo(new Span<byte>(text, json.Length));
            Assert.Contains("\"success\":true", klock.Library.SendPointer(klock.Handle, "acquire", text), StringComparison.Ordinal);
        }

        Assert.Equal(0, Unmap(pages, 2 * PageBytes));
    }

    [Fact]
    public void A_text_without_an_end_is_read_one_byte_past_the_limit_and_no_further()
    {
        using var klock = new OpenKlock(KlockLibrary.Product);
        const int limit = 1024 * 1024;
        byte* pages = Map(limit + (2 * PageBytes));
        new Span<byte>(pages, limit + PageBytes).Fill((byte)' ');
        Assert.Equal(0, Protect(pages + limit + PageBytes, PageBytes, NoAccess));
        byte* text = pages + PageBytes - 1;
        Assert.Contains("PAYLOAD_TOO_LARGE", klock.Library.SendPointer(klock.Handle, "acquire", text), StringComparison.Ordinal);
        Assert.Equal(0, Unmap(pages, limit + (2 * PageBytes)));
    }

    private static byte* Map(int bytes)
    {
        byte* pages = MMap(null, (nuint)bytes, ReadWrite, PrivateAnonymous, -1, 0);
        Assert.NotEqual(-1, (nint)pages);
        return pages;
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial byte* MMap(byte* address, nuint bytes, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(byte* address, nuint bytes, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(byte* address, nuint bytes);
}
