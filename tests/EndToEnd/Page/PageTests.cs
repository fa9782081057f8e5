using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Page;

/// <summary>The page in Chromium, as people use it; each rule is a scenario in tests/EndToEnd/clients/page.mjs.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class PageTests(RunningService running, SharedChromium chromium)
{
    [Fact]
    public Task Two_clicks_go_live_and_a_second_browser_sees_the_comment_with_nothing_on_either_console() => PlayAsync("newcomer");

    [Fact]
    public Task Script_in_any_field_is_shown_as_text_and_never_runs() => PlayAsync("script");

    [Theory]
    [InlineData("Doors")]
    [InlineData("Watching")]
    [InlineData("Desk")]
    public Task Axe_finds_nothing_serious_in_either_theme_on_a_desktop_and_on_a_phone(string views) => PlayAsync("accessible" + views);

    [Fact]
    public Task A_keyboard_is_enough_to_join_react_and_comment() => PlayAsync("keyboard");

    [Fact]
    public Task At_360_pixels_nothing_scrolls_sideways() => PlayAsync("narrow");

    [Fact]
    public Task Nothing_floats_where_less_motion_is_asked_for() => PlayAsync("calm");

    [Fact]
    public Task The_page_holds_200_comments_and_who_scrolled_up_is_told_of_new_ones() => PlayAsync("crowded");

    [Fact]
    public Task Slow_mode_bans_and_a_refused_token_are_said_in_words() => PlayAsync("rules");

    [Fact]
    public Task Bans_made_anywhere_are_on_every_desk_and_their_end_shows_at_once() => PlayAsync("bans");

    [Fact]
    public Task A_borrowed_audience_watches_talks_and_reacts_through_the_service_under_nobodys_name_and_leaves() => PlayAsync("audience");

    private async Task PlayAsync(string scenario) =>
        await Command.NodeAsync("page.mjs", $"--scenario={scenario}", $"--base={running.Process.Address}", $"--browser={await chromium.AddressAsync()}");
}
