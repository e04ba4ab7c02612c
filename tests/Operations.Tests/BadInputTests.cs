using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Plug1.Operations.Tests;

/// <summary>Bad input to every endpoint: problem details with a stable code, and where a member is to blame its pointer; never an error of ours.</summary>
public sealed class BadInputTests
{
    private static readonly string[] Skipped = ["signOut", "changePassword"];

    private static readonly string[] Texts =
        ["", " ", "99999999999999999999999999999999", "9223372036854775807", "-9223372036854775808", "9223372036854.775807", "1e400", "NaN", "-1", "0", "0.0000001", "\u0000", "\ud83d\udca5", "%'\"\\;--", new('x', 70_000)];

    private static readonly string[] Parameters =
        ["limit", "after", "from", "to", "sort", "branch", "compare", "bucket", "horizon", "measure", "groupBy", "period", "q", "state", "severity", "user", "object", "function", "at", "terminal", "kind", "format", "rows", "columns", "since", "barcode", "category", "subject", "status", "active", "total", "step"];

    private static readonly string[] Values = ["x", "-1", "0", "1e9", "99999999999999999999", "9999-12-31", "0001-01-01", "2026-02-30", "%00", "%'", "a_b", "\ud83d\udca5", new('y', 3000)];

    [Fact]
    public async Task A_body_that_is_no_body_is_refused_with_a_code()
    {
        await Try(async (site, browser, route, tell) =>
        {
            foreach (var (body, type) in new (string?, string)[] { (null, ""), ("", "application/json"), ("{", "application/json"), ("nope", "application/json"), ("null", "application/json"), ("[]", "application/json"),
                ("\"x\"", "application/json"), ("12", "application/json"), ("{}x", "application/json"), ("<a/>", "application/xml"), (new string('[', 5000), "application/json") })
            {
                tell($"{body} as {type}", await browser.Send(route.Method, Path(route), body, type.Length > 0 ? type : "application/json", ("If-Match", "\"1\"")), 400, 499, null);
            }

            tell("too large", await browser.Send(route.Method, Path(route), $"{{\"note\":\"{new string('x', 1_100_000)}\"}}", headers: [("If-Match", "\"1\"")]), 400, 499, null);
        });
    }

    [Fact]
    public async Task A_member_that_is_missing_unknown_null_or_of_another_type_is_named_by_its_pointer()
    {
        await Try(async (site, browser, route, tell) =>
        {
            var type = route.Body!;
            async Task Send(string what, JsonNode? body, string? pointer) =>
                tell($"{what} {pointer}", await browser.Send(route.Method, Path(route), body!.ToJsonString(), headers: [("If-Match", "\"1\"")]), 400, 499, route.Method == "PATCH" ? null : pointer);
            var least = (JsonObject)Base(route)!;
            // What a change leaves out stays as it is.
            foreach (var name in ((JsonObject)Bodies.Least(type)!).Select(member => member.Key).Where(_ => route.Method != "PATCH"))
            {
                var without = (JsonObject)least.DeepClone();
                without.Remove(name);
                await Send("missing", without, $"/{name}");
            }

            var unknown = (JsonObject)least.DeepClone();
            unknown["bogus"] = 1;
            await Send("unknown", unknown, "/bogus");
            foreach (var member in Bodies.Members(type))
            {
                if (Bodies.Wrong(member.Type) is { } wrong) await Send("wrong type", Bodies.With(type, least.DeepClone(), member.Path, wrong), member.Pointer);
                if (!member.MayBeNull) await Send("null", Bodies.With(type, least.DeepClone(), member.Path, null), member.Pointer);
            }
        });
    }

    [Fact]
    public async Task Values_beyond_all_bounds_are_refused_or_taken_but_never_break_anything()
    {
        await Try(async (site, browser, route, tell) =>
        {
            foreach (var member in Bodies.Members(route.Body!))
            {
                var values = Bodies.IsLeaf(member.Type) ? Texts.Select(text => (JsonNode?)JsonValue.Create(text)).Concat([null, JsonValue.Create(long.MaxValue), JsonValue.Create(-1), JsonNode.Parse("1e308")])
                    : [null, new JsonArray(), new JsonObject(), new JsonArray([null])];
                foreach (var value in values)
                {
                    var body = Bodies.With(route.Body!, Base(route), member.Path, value)!.ToJsonString();
                    tell($"{member.Pointer} = {value?.ToJsonString()[..Math.Min(40, value.ToJsonString().Length)]}", await browser.Send(route.Method, Path(route), body, headers: [("If-Match", "\"1\"")]), 200, 499, null);
                }
            }
        });
    }

    [Fact]
    public async Task Bad_parameters_of_reading_endpoints_are_refused_or_ignored_but_never_break_anything()
    {
        await using var site = await Site.Open();
        using var browser = await site.SignedIn("administrator");
        var wrong = new List<string>();
        foreach (var route in site.Routes.Where(route => route.IsApi && route.Reads))
        {
            foreach (var name in Parameters)
            {
                foreach (var value in Values)
                {
                    var required = route.Name switch { "register" when name != "terminal" => "&terminal=T1", "posCustomers" when name != "q" => "&q=a", _ => "" };
                    Check(wrong, $"{route} {name}={value[..Math.Min(20, value.Length)]}", await browser.Get($"{Path(route)}?{name}={(value == "%00" ? value : Uri.EscapeDataString(value))}{required}"), 200, 499, null);
                }
            }

            foreach (var id in new[] { "not-an-id", "..%2f..", "'", new string('z', 3000) })
                if (route.Pattern.Contains('{', StringComparison.Ordinal)) Check(wrong, $"{route} {id}", await browser.Get(string.Join('/', route.Pattern.Split('/').Select(part => part.StartsWith('{') ? id : part))), 200, 499, null);
        }

        wrong.ShouldBeEmpty(string.Join('\n', site.Incidents.Select(incident => incident[..Math.Min(700, incident.Length)]).Distinct().Take(6)));
    }

    private static async Task Try(Func<Site, Browser, Route, Action<string, Answered, int, int, string?>, Task> attempt)
    {
        await using var site = await Site.Open();
        using var browser = await site.SignedIn("administrator");
        (await browser.Post("/api/v1/sales/point-of-sale/shifts/T1/open", new { @float = "100.00" })).Status.ShouldBe(201);
        var routes = site.Routes.Where(route => route.IsApi && !route.Reads && route.Body is not null && !Skipped.Contains(route.Name)).ToList();
        routes.Count.ShouldBeGreaterThan(20);
        var wrong = new List<string>();
        foreach (var route in routes) await attempt(site, browser, route, (what, answer, least, most, pointer) => Check(wrong, $"{route} {what}", answer, least, most, pointer));
        wrong.ShouldBeEmpty($"{wrong.Count} of them\n" + string.Join('\n', site.Incidents.Select(incident => incident[..Math.Min(900, incident.Length)]).Distinct().Take(6)));
    }

    private static void Check(List<string> wrong, string what, Answered answer, int least, int most, string? pointer)
    {
        if (wrong.Count > 60) return;
        var told = answer.Text[..Math.Min(300, answer.Text.Length)];
        if (answer.Status < least || answer.Status > most) wrong.Add($"{what}: {answer.Status} {told}");
        else if (answer.Status >= 400 && answer.Code is null) wrong.Add($"{what}: {answer.Status} without a code: {told}");
        else if (pointer is not null && !answer.Pointers.Contains(pointer)) wrong.Add($"{what}: pointers {string.Join(' ', answer.Pointers)}: {told}");
    }

    private static string Path(Route route) => route.Fill(name => name switch { "terminal" => "T2", "currency" => "EUR", "month" => "1999-01", "module" => "sales", "report" => "daily", _ => "00000000-0000-7000-8000-0000000000ff" });

    /// <summary>A body that gets as far into the endpoint as possible.</summary>
    private static JsonNode? Base(Route route) => route.Name switch
    {
        "checkout" or "previewSale" or "parkBasket" => JsonNode.Parse("""{"terminalId":"T1","lines":[{"sku":"TEA","quantity":"1"}],"tenders":[{"method":"CASH"}]}"""),
        "moveCash" => JsonNode.Parse("""{"terminalId":"T1","movement":"paid-in","amount":"1.00","reason":"SAFE"}"""),
        "openShift" => JsonNode.Parse("""{"float":"10.00"}"""),
        "openDrawer" => JsonNode.Parse("""{"terminalId":"T1","reason":"change"}"""),
        "signIn" => JsonNode.Parse("""{"userName":"nobody","password":"nothing"}"""),
        "setTarget" => JsonNode.Parse("""{"function":"sales.point-of-sale","measure":"netSales","from":"2026-03-01","to":"2026-03-31","amount":"100.00"}"""),
        _ => Bodies.Least(route.Body!),
    };
}
