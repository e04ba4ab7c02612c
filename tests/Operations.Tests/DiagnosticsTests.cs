using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Plug1.Host.Diagnostics;
using Plug1.Http.Diagnostics;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Operations.Tests;

/// <summary>What is wrong with the server is told by name and number, and nothing of anybody goes with it.</summary>
public sealed class DiagnosticsTests
{
    private const string Diagnostics = "/api/v1/operations/diagnostics";

    /// <summary>What must never be in a bundle.</summary>
    private static readonly string[] Personal =
        ["Zebedee", "Quuxworth", "zebedee@quux.example", "+43 660 9998877", "6609998877", "plug1_s3cr3tT0k3n", "Hush-hush 77", "Elm Street 13", "a long first password", "Corner shop", "olga", "203.0.113.77"];

    [Theory, OnBothEngines]
    public async Task The_bundle_holds_nothing_of_the_persons_tokens_and_messages_that_went_into_the_database_and_into_errors(Engine engine)
    {
        await using var site = await Bare.Open(engine);
        using var admin = await site.SetUp();
        await Fill(site, admin);
        var bundle = await admin.Get($"{Diagnostics}/bundle");
        (bundle.Status, bundle.Type).ShouldBe((200, "application/zip"));
        var texts = await Unpack(bundle);
        texts.Keys.ShouldBe(["README.txt", "health.json", "about.json", "sizes.json", "requests.json", "errors.json", "jobs.json", "settings.json"], ignoreOrder: true);
        foreach (var (name, text) in texts)
            foreach (var secret in Personal) text.ShouldNotContain(secret, Case.Insensitive, name);

        // What helps is there: the number, the kind, the words of the program, and where it happened.
        texts["errors.json"].ShouldContain("abc123def456");
        texts["errors.json"].ShouldContain("InvalidOperationException");
        texts["errors.json"].ShouldContain("duplicate key value * violates unique constraint");
        texts["jobs.json"].ShouldContain("IOException: disk full");
        texts["requests.json"].ShouldContain("/api/v1/parties/{id}");
        texts["sizes.json"].ShouldContain("audit_event");
        texts["settings.json"].ShouldContain("sales.point-of-sale");
    }

    [Theory, OnBothEngines]
    public async Task The_page_tells_health_version_sizes_slow_routes_and_errors_to_administrators_alone(Engine engine)
    {
        await using var site = await Bare.Open(engine);
        using var admin = await site.SetUp();
        await admin.Get("/api/v1/users");
        var told = await admin.Get(Diagnostics);
        told.Status.ShouldBe(200, told.Text);
        told.Json["checks"]!.AsArray().Select(check => check!["code"]!.ToString()).ShouldBe(["database", "disk", "clock", "schema", "jobs", "audit", "sums", "backup"]);
        told.Json["checks"]!.AsArray().Single(check => check!["code"]!.ToString() == "backup")!["state"]!.ToString().ShouldBe("bad");
        told.Json["state"]!.ToString().ShouldBe("bad");
        told.Json["about"]!["engine"]!.ToString().ShouldBe(engine == Engine.Sqlite ? "sqlite" : "postgres");
        told.Json["sizes"]!["databaseBytes"]!.GetValue<long>().ShouldBeGreaterThan(100_000);
        told.Json["routes"]!.AsArray().ShouldContain(route => route!["route"]!.ToString() == "GET /api/v1/users" && route["count"]!.GetValue<int>() == 1);

        using var cashier = new Browser(site.Address);
        await cashier.SignIn("kim", "a long first password");
        await cashier.Send("PUT", "/api/v1/session/password", """{"current":"a long first password","new":"another long password"}""");
        (await cashier.Get(Diagnostics)).Code.ShouldBe("PERMISSION_DENIED");
        (await cashier.Get($"{Diagnostics}/bundle")).Code.ShouldBe("PERMISSION_DENIED");
    }

    [Fact]
    public void Times_are_told_by_route_with_their_middle_their_slow_end_and_the_slowest()
    {
        var times = new RequestTimes(TimeProvider.System);
        var context = new DefaultHttpContext { Request = { Method = "GET" } };
        context.SetEndpoint(new Microsoft.AspNetCore.Routing.RouteEndpoint(_ => Task.CompletedTask, Microsoft.AspNetCore.Routing.Patterns.RoutePatternFactory.Parse("/api/v1/users/{id}"), 0, null, "user"));
        for (var ms = 1; ms <= 100; ms++) times.Count(context, TimeSpan.FromMilliseconds(ms));
        times.Count(context, TimeSpan.FromMilliseconds(900));
        var route = times.Routes(10).Single();
        (route.Route, route.Count, route.Max).ShouldBe(("GET /api/v1/users/{id}", 101, "900.0"));
        // The 51st of 101 took 51 ms and the 96th 96 ms; a figure is never less and at most a fifth more.
        decimal.Parse(route.P50, System.Globalization.CultureInfo.InvariantCulture).ShouldBeInRange(51, 62);
        decimal.Parse(route.P95, System.Globalization.CultureInfo.InvariantCulture).ShouldBeInRange(96, 116);
        times.Slow().Single().Milliseconds.ShouldBe("900.0");
        for (var at = 0; at < 200; at++) times.Count(context, TimeSpan.FromSeconds(1));
        times.Slow().Count.ShouldBe(RequestTimes.MostSlow);
    }

    [Fact]
    public void A_disk_that_fills_up_is_told_before_it_is_full()
    {
        HealthChecks.OfDisk((200L << 30, 500L << 30)).State.ShouldBe("good");
        HealthChecks.OfDisk((40L << 30, 500L << 30)).State.ShouldBe("look");
        HealthChecks.OfDisk((10L << 30, 500L << 30)).State.ShouldBe("bad");
        HealthChecks.OfDisk((100L << 20, 500L << 20)).State.ShouldBe("bad");
    }

    [Fact]
    public void Incidents_are_kept_up_to_a_number_the_latest_first()
    {
        var log = new IncidentLog();
        for (var at = 0; at < 150; at++) log.Add($"{at}", TimeProvider.System.GetUtcNow(), new DefaultHttpContext(), new InvalidOperationException("Zebedee was here"));
        (log.Count, log.Latest().Count, log.Latest()[0].Number, log.Latest()[0].Message).ShouldBe((150L, IncidentLog.Most, "149", "* was *"));
    }

    /// <summary>A person with everything, a user, a token, an error of ours and of a job that quote them.</summary>
    private static async Task Fill(Bare site, Browser admin)
    {
        var party = await admin.Post("/api/v1/parties", new { number = "P-Zebedee", name = "Zebedee Quuxworth", kind = "person", email = "zebedee@quux.example", phone = "+43 660 9998877" });
        var token = await admin.Post("/api/v1/tokens", new { name = "Zebedee's plug1_s3cr3tT0k3n" });
        token.Status.ShouldBe(201, token.Text);
        var user = await admin.Post("/api/v1/users", new { userName = "zebedee", name = "Zebedee Quuxworth", password = "Hush-hush 77", roles = Array.Empty<object>() });
        user.Status.ShouldBe(201, user.Text);
        await admin.Get("/api/v1/parties/Zebedee?q=zebedee@quux.example");
        await admin.Get($"/api/v1/search?q=Quuxworth");

        var log = site.Services.GetRequiredService<IncidentLog>();
        var context = new DefaultHttpContext { Request = { Method = "POST", Path = "/api/v1/parties/Zebedee", QueryString = new QueryString("?email=zebedee@quux.example") } };
        log.Add("abc123def456", TimeProvider.System.GetUtcNow(), context, new InvalidOperationException("duplicate key value Zebedee Quuxworth <zebedee@quux.example> violates unique constraint (203.0.113.77)",
            new FormatException("plug1_s3cr3tT0k3n, Elm Street 13, +43 660 9998877")));
        await site.Services.GetRequiredService<JobJournal>().Write(new JobRun(Ids.New(TimeProvider.System), "tidy", "Zebedees-laptop", Dialect.Micro(TimeProvider.System.GetUtcNow()),
            Dialect.Micro(TimeProvider.System.GetUtcNow()), 0, "IOException: disk full while Zebedee Quuxworth at Elm Street 13 (6609998877) used plug1_s3cr3tT0k3n"));
        _ = party;
    }

    private static async Task<Dictionary<string, string>> Unpack(Answered answer)
    {
        await using var zip = new ZipArchive(await answer.Message.Content.ReadAsStreamAsync(), ZipArchiveMode.Read);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in zip.Entries)
        {
            using var reader = new StreamReader(await entry.OpenAsync(), Encoding.UTF8);
            texts[entry.FullName] = await reader.ReadToEndAsync();
        }

        return texts;
    }
}
