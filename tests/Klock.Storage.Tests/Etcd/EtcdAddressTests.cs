using Klock.Coordinator.Protocol;
using Klock.Storage.Etcd;
using Xunit;

namespace Klock.Storage.Tests.Etcd;

public sealed class EtcdAddressTests
{
    [Theory]
    [InlineData("http://h:2379", "http://h:2379/", "klock/")]
    [InlineData("http://h:2379/", "http://h:2379/", "klock/")]
    [InlineData("http://a:1,b:2,[::1]:3/team/one/", "http://a:1/ http://b:2/ http://[::1]:3/", "team/one/")]
    [InlineData("http://a:1,http://b:2/x", "http://a:1/ http://b:2/", "x/")]
    [InlineData("https://a:443/x", "https://a/", "x/")]
    public void Members_and_prefix_are_read(string text, string members, string prefix)
    {
        EtcdAddress address = EtcdAddress.Parse(text);
        Assert.Equal((members, prefix), (string.Join(' ', address.Endpoints), address.Prefix));
    }

    [Theory]
    [InlineData("http://a:1", true)]
    [InlineData("http://a:1?compact=on", true)]
    [InlineData("http://a:1/p?compact=off", false)]
    public void Whether_the_cluster_is_compacted_is_read(string text, bool compacts) =>
        Assert.Equal(compacts, EtcdAddress.Parse(text).Options.Compacts);

    [Theory]
    [InlineData("", "storage names no http:// or https:// address")]
    [InlineData("h:2379", "storage names no http:// or https:// address")]
    [InlineData("http://h", "storage has the member 'h', which is not <host>:<port>")]
    [InlineData("http://[::1]", "storage has the member '[::1]', which is not <host>:<port>")]
    [InlineData("http://a:1,,b:2", "storage has the member '', which is not <host>:<port>")]
    [InlineData("http://a:1,https://b:2", "storage has the member 'https:', which is not <host>:<port>")]
    [InlineData("http://a:1?ca=x", "storage has files for TLS, and its address begins with http://")]
    [InlineData("http://a:99999", "storage has the member 'a:99999', which is not <host>:<port>")]
    [InlineData("http://a:0", "storage has the member 'a:0', which is not <host>:<port>")]
    [InlineData("http://me:secret@a:1", "storage has '@', which has no meaning there")]
    public void What_is_no_address_is_told_with_what_is_one(string text, string told)
    {
        KlockException refused = Assert.Throws<KlockException>(() => EtcdAddress.Parse(text));
        Assert.Equal(
            $"{told}: it must be etcd:http://<host>:<port>[,<host>:<port>…][/<prefix>][?<options>], or the same with https:.",
            refused.Message);
        Assert.Equal(ErrorCode.InvalidRequest, refused.Code);
    }

    [Fact]
    public void Options_are_read()
    {
        EtcdOptions options = EtcdAddress.Parse("https://a:1/p?CA=/c/Ca.pem&cert=/c/c.pem&key=/c/k.pem&user=u&password_file=/p&compact=off")
            .Options;
        Assert.Equal(new EtcdOptions(Compacts: false, new TlsFiles("/c/Ca.pem", "/c/c.pem", "/c/k.pem"), "u", "/p"), options);
    }

    [Theory]
    [InlineData("", "unknown option after '?': it must be compact=on or compact=off, ca=<file>, ")]
    [InlineData("caa=x", "unknown option after '?'")]
    [InlineData("compact=no", "unknown value for compact: it must be on or off.")]
    [InlineData("ca", "no value for ca.")]
    [InlineData("ca=", "no value for ca.")]
    [InlineData("ca=a&ca=b", "an option twice after '?'")]
    [InlineData("key=k", "the option key without cert: give both.")]
    [InlineData("password_file=k", "the option password_file without user: give both.")]
    public void What_is_no_option_is_told(string options, string told)
    {
        KlockException refused = Assert.Throws<KlockException>(() => EtcdAddress.Parse($"https://a:1?{options}"));
        Assert.Contains(told, refused.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.InvalidRequest, refused.Code);
    }
}
