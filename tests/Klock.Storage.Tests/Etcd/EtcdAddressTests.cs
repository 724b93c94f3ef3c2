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
        Assert.Equal(compacts, EtcdAddress.Parse(text).Compacts);

    [Theory]
    [InlineData("", "storage names no http:// or https:// address")]
    [InlineData("h:2379", "storage names no http:// or https:// address")]
    [InlineData("http://h", "storage has the member 'h', which is not <host>:<port>")]
    [InlineData("http://[::1]", "storage has the member '[::1]', which is not <host>:<port>")]
    [InlineData("http://a:1,,b:2", "storage has the member '', which is not <host>:<port>")]
    [InlineData("http://a:1,http://b:2", "storage has the member 'http:', which is not <host>:<port>")]
    [InlineData("http://a:99999", "storage has the member 'a:99999', which is not <host>:<port>")]
    [InlineData("http://a:0", "storage has the member 'a:0', which is not <host>:<port>")]
    [InlineData("http://me:secret@a:1", "storage has '@', which has no meaning there")]
    [InlineData("http://a:1/p?compact=no", "storage has the option 'compact=no', and the only one is compact=on or compact=off")]
    [InlineData("http://a:1?", "storage has the option '', and the only one is compact=on or compact=off")]
    public void What_is_no_address_is_told_with_what_is_one(string text, string told)
    {
        KlockException refused = Assert.Throws<KlockException>(() => EtcdAddress.Parse(text));
        Assert.Equal(
            $"{told}: it must be etcd:http://<host>:<port>[,<host>:<port>…][/<prefix>][?compact=off].", refused.Message);
        Assert.Equal(ErrorCode.InvalidRequest, refused.Code);
    }
}
