using System.Text;
using Interactions.Contracts;
using Interactions.Frontend.Api;
using Xunit;

namespace Interactions.Tests.Frontend.Api;

public sealed class SettingsReaderTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" \r\n")]
    [InlineData("{}")]
    [InlineData("""{"title":null,"reactions":null,"tap":null,"other":1}""")]
    public void What_is_not_named_stays(string body) => Assert.Equal(new SettingsPatch(), Taken(body));

    [Fact]
    public void Every_field_is_read()
    {
        var patch = Taken("""{"title":"Final","reactions":["like","🔥"],"tap":false,"slowModeSeconds":5,"maxCommentLength":100,"roster":false}""");
        Assert.Equal(["like", "🔥"], patch.Reactions!);
        Assert.Equal(new SettingsPatch("Final", patch.Reactions, false, 5, 100, false), patch);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"title":1}""")]
    [InlineData("""{"title":"\ud800"}""")]
    [InlineData("""{"reactions":[]}""")]
    [InlineData("""{"reactions":["a","a"]}""")]
    [InlineData("""{"reactions":[""]}""")]
    [InlineData("""{"reactions":"like"}""")]
    [InlineData("""{"reactions":["1","2","3","4","5","6","7","8","9","10","11","12","13","14","15","16","17"]}""")]
    [InlineData("""{"tap":1}""")]
    [InlineData("""{"slowModeSeconds":-1}""")]
    [InlineData("""{"slowModeSeconds":3601}""")]
    [InlineData("""{"maxCommentLength":0}""")]
    [InlineData("""{"maxCommentLength":5001}""")]
    [InlineData("""{"roster":"yes"}""")]
    public void Settings_out_of_bounds_are_refused(string body)
    {
        Assert.False(SettingsReader.TryRead(Encoding.UTF8.GetBytes(body), out var patch, out var problem));
        Assert.Null(patch);
        Assert.NotEmpty(problem);
    }

    [Fact]
    public void A_title_has_up_to_200_characters()
    {
        Taken($$"""{"title":"{{string.Concat(Enumerable.Repeat("😀", 200))}}"}""");
        Assert.False(SettingsReader.TryRead(Encoding.UTF8.GetBytes($$"""{"title":"{{new string('x', 201)}}"}"""), out _, out _));
    }

    private static SettingsPatch Taken(string body)
    {
        Assert.True(SettingsReader.TryRead(Encoding.UTF8.GetBytes(body), out var patch, out var problem), problem);
        return patch;
    }
}
