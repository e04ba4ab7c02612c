using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Plug1.Kernel.Catalog;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Reporting.Files;
using Plug1.Kernel.Reporting.Schedules;
using Plug1.Kernel.Reporting.Views;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Reporting;

/// <summary>Reports at set times: when they are due, that each is made once, with whose permissions, and who may take it away.</summary>
public sealed class ScheduleTests
{
    private static readonly TimeZoneInfo Vienna = TimeZoneInfo.FindSystemTimeZoneById("Europe/Vienna");
    private static readonly string[] Permissions = ["test.deliveries.view", "test.deliveries.export", "test.deliveries.view-cost", "kernel.reports.schedule", "kernel.views.save", "kernel.views.share"];

    /// <summary>A shop with a manager, a clerk who sees no cost, and as many nodes as one likes.</summary>
    private sealed class Office(Shop shop, Guid manager, Guid clerk) : IAsyncDisposable
    {
        public Shop Shop => shop;

        public Guid Manager => manager;

        public Guid Clerk => clerk;

        public FunctionCatalogue Catalogue { get; } = new([Deliveries.Instance]);

        public static async Task<Office> Open(Engine engine)
        {
            var shop = await Shop.Open(engine);
            var (manager, clerk) = (Guid.CreateVersion7(), Guid.CreateVersion7());
            var now = shop.Clock.GetUtcNow();
            await shop.Database.Write(tx =>
            {
                tx.Stage($"insert into company (id, name, currency, exponent, created_at) values (1, 'Shop', 'EUR', 2, {now})");
                tx.Stage($"insert into role (code, name) values ('manager', 'Manager'), ('clerk', 'Clerk')");
                foreach (var (id, name, role) in new[] { (manager, "mia", "manager"), (clerk, "carl", "clerk") })
                {
                    var key = name.ToUpperInvariant();
                    tx.Stage($"insert into app_user (id, user_name, user_key, name, security_stamp, created_at) values ({id}, {name}, {key}, {name}, 'x', {now})");
                    tx.Stage($"insert into user_role (user_id, role) values ({id}, {role})");
                }

                foreach (var permission in Permissions) tx.Stage($"insert into role_permission (role, permission) values ('manager', {permission})");
                foreach (var permission in Permissions[..2]) tx.Stage($"insert into role_permission (role, permission) values ('clerk', {permission})");
                return Task.CompletedTask;
            });
            await shop.Deliver(31, 120);
            return new Office(shop, manager, clerk);
        }

        /// <summary>A node of its own, with its own caches.</summary>
        public (ScheduleRunner Runner, Actors Actors) Node()
        {
            var database = shop.Again();
            var (book, actors) = (new OrganisationBook(database, shop.Clock), new Actors(database, new ConfigStamps(database, shop.Clock), shop.Clock));
            var files = new ReportFiles(database, new Choices(new CatalogueBook(database, shop.Clock)), shop.Clock);
            return (new ScheduleRunner(database, Catalogue, book, actors, files, shop.Clock, NullLogger<ScheduleRunner>.Instance), actors);
        }

        public async Task<Viewer> Viewer(Guid user) => new((await Node().Actors.ByUser(user))!, shop.Organisation);

        public async Task<Result<T>> Do<T>(Guid user, Func<Tx, Viewer, Stamp, Task<Result<T>>> work)
        {
            var viewer = await Viewer(user);
            var now = shop.Clock.GetUtcNow();
            return await shop.Database.Write(tx => work(tx, viewer, new Stamp(viewer.Actor, shop.North, now, DateOnly.FromDateTime(now.UtcDateTime), now.Hour)));
        }

        public Task<Result<Schedule>> Make(ScheduleDraft draft) => Do(manager, (tx, viewer, stamp) => ScheduleBook.Make(tx, Catalogue, viewer, draft, stamp, shop.Clock));

        public async Task<List<ScheduleRun>> Runs(Guid user)
        {
            var viewer = await Viewer(user);
            return await shop.Database.Read(db => RunBook.Page(db, viewer, null, null, 100));
        }

        public async Task<byte[]> File(Guid run)
        {
            using var whole = new MemoryStream();
            for (var seq = 0L; await shop.Database.Read(db => RunBook.Chunk(db, run, seq)) is { } piece; seq++) whole.Write(piece);
            return whole.ToArray();
        }

        public Task<long> Told(Guid user) => shop.Database.Read(db => db.Number($"select count(*) from notice_recipient where user_id = {user}"));

        public ValueTask DisposeAsync() => shop.DisposeAsync();
    }

    private static readonly ScheduleDraft Daily = new("Yesterday by branch", "csv", "daily", "06:30", "yesterday", "/test/deliveries/reports/by-branch", "groupBy=branch&compare=previous&from=2020-01-01");

    [Fact]
    public void A_schedule_goes_by_the_clock_of_its_branch_also_when_the_clock_is_changed()
    {
        static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text + "Z", System.Globalization.CultureInfo.InvariantCulture);
        var daily = new ScheduleClock("daily", 1, (2 * 60) + 30, Vienna);
        // Winter, then the night in which 02:30 is left out, then summer.
        daily.After(Utc("2026-03-27T12:00:00")).ShouldBe(Utc("2026-03-28T01:30:00"));
        daily.After(Utc("2026-03-28T01:30:00")).ShouldBe(Utc("2026-03-29T01:00:00"));
        daily.After(Utc("2026-03-29T01:00:00")).ShouldBe(Utc("2026-03-30T00:30:00"));
        // In autumn 02:30 comes twice: once is enough.
        daily.After(Utc("2026-10-24T12:00:00")).ShouldBe(Utc("2026-10-25T00:30:00"));
        daily.After(Utc("2026-10-25T00:30:00")).ShouldBe(Utc("2026-10-26T01:30:00"));

        var weekly = new ScheduleClock("weekly", 1, 6 * 60, TimeZoneInfo.Utc);
        weekly.After(Utc("2026-03-31T12:00:00")).ShouldBe(Utc("2026-04-06T06:00:00"));
        var monthly = new ScheduleClock("monthly", 31, 0, TimeZoneInfo.Utc);
        monthly.After(Utc("2026-01-31T00:00:00")).ShouldBe(Utc("2026-02-28T00:00:00"));
        monthly.After(Utc("2026-02-28T00:00:00")).ShouldBe(Utc("2026-03-31T00:00:00"));
        foreach (var clock in new[] { daily, weekly, monthly })
            clock.UpTo(Utc("2026-11-21T10:00:00")).ShouldSatisfyAllConditions(last => last.ShouldBeLessThanOrEqualTo(Utc("2026-11-21T10:00:00")), last => clock.After(last).ShouldBeGreaterThan(Utc("2026-11-21T10:00:00")));
        monthly.UpTo(Utc("2026-03-31T00:00:00")).ShouldBe(Utc("2026-03-31T00:00:00"));
    }

    [Theory]
    [InlineData("yesterday", "2026-03-01T06:00:00Z", "2026-02-28", "2026-02-28")]
    [InlineData("last-week", "2026-03-01T06:00:00Z", "2026-02-16", "2026-02-22")]
    [InlineData("last-week", "2026-03-02T06:00:00Z", "2026-02-23", "2026-03-01")]
    [InlineData("last-month", "2026-03-15T06:00:00Z", "2026-02-01", "2026-02-28")]
    [InlineData("month-to-date", "2026-03-15T06:00:00Z", "2026-03-01", "2026-03-14")]
    [InlineData("month-to-date", "2026-03-01T06:00:00Z", "2026-02-01", "2026-02-28")]
    [InlineData("yesterday", "2026-03-01T23:30:00Z", "2026-03-01", "2026-03-01")]
    public void A_period_is_told_by_the_day_of_the_branch(string period, string due, string from, string to) =>
        new ScheduleClock("daily", 1, 0, Vienna).Days(period, DateTimeOffset.Parse(due, System.Globalization.CultureInfo.InvariantCulture)).ShouldBe((DateOnly.Parse(from), DateOnly.Parse(to)));

    [Theory, OnBothEngines]
    public async Task Of_several_nodes_one_makes_each_due_report_and_only_the_last_missed_is_made_up_for(Engine engine)
    {
        await using var office = await Office.Open(engine);
        (await office.Make(Daily with { Recipients = [new ScheduleRecipient(User: "carl")] })).IsRefused.ShouldBeFalse();
        (await office.Make(Daily with { Name = "Weekly items", Every = "weekly", OnDay = 3, Period = "last-week", Format = "xlsx", Page = "/test/deliveries/reports/by-item", Query = "" })).IsRefused.ShouldBeFalse();
        await office.Node().Runner.RunDue();
        (await office.Runs(office.Manager)).ShouldBeEmpty();

        // Five days nobody ran: of five daily reports the last is made, of the weekly one.
        office.Shop.Clock.Now = new DateTimeOffset(2026, 4, 5, 12, 0, 0, TimeSpan.Zero);
        var nodes = Enumerable.Range(0, 4).Select(_ => office.Node().Runner).ToList();
        (await Task.WhenAll(nodes.Select(node => Task.Run(() => node.RunDue())))).Sum().ShouldBe(2);
        var runs = await office.Runs(office.Manager);
        runs.Select(run => (run.Title, run.State, run.DueAt)).OrderBy(run => run.Title).ShouldBe(
        [
            ("Weekly items", "done", new DateTimeOffset(2026, 4, 1, 6, 30, 0, TimeSpan.Zero)), ("Yesterday by branch", "done", new DateTimeOffset(2026, 4, 5, 6, 30, 0, TimeSpan.Zero)),
        ]);
        foreach (var run in runs)
        {
            var file = await office.File(run.Id);
            (run.Bytes, run.Sha256).ShouldBe((file.Length, Convert.ToHexStringLower(SHA256.HashData(file))));
        }

        var daily = runs.Single(run => run.FileName!.EndsWith("csv", StringComparison.Ordinal));
        (daily.From, daily.To, daily.FileName).ShouldBe((new DateOnly(2026, 4, 4), new DateOnly(2026, 4, 4), "by-branch-2026-04-04-2026-04-04.csv"));
        Encoding.UTF8.GetString(await office.File(daily.Id)).TrimStart('\uFEFF').ShouldStartWith("Branch,Net (EUR),\"Net, before (EUR)\",\"Net, change (EUR)\",\"Net, change %\"");
        (await office.Told(office.Manager), await office.Told(office.Clerk)).ShouldBe((2, 1));
        (await Task.WhenAll(nodes.Select(node => Task.Run(() => node.RunDue())))).Sum().ShouldBe(0);

        office.Shop.Clock.Advance(TimeSpan.FromDays(31));
        await office.Shop.Database.Write(tx => tx.Execute($"update report_schedule set active = {false}"));
        (await nodes[0].RunDue()).ShouldBe(2);
        (await office.File(daily.Id)).ShouldBeEmpty();
        var viewer = await office.Viewer(office.Manager);
        (await office.Shop.Database.Read(db => RunBook.MayTake(db, viewer, daily.Id))).Refusal!.Code.ShouldBe("FILE_GONE");
    }

    [Theory, OnBothEngines]
    public async Task A_report_is_made_with_what_its_owner_may_do_then_and_a_refusal_is_told(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var schedule = (await office.Make(Daily with { Recipients = [new ScheduleRecipient(Role: "clerk")], Page = "/test/deliveries/list", Query = "sort=number" })).Value;
        var (runner, actors) = office.Node();
        async Task<ScheduleRun> Now()
        {
            office.Shop.Clock.Advance(TimeSpan.FromSeconds(5));
            (await office.Do(office.Manager, (tx, viewer, stamp) => ScheduleBook.RunNow(tx, viewer, schedule.Id, stamp, office.Shop.Clock))).IsRefused.ShouldBeFalse();
            (await runner.RunDue()).ShouldBe(1);
            return (await office.Runs(office.Manager))[0];
        }

        (await Now()).State.ShouldBe("done");
        var (mine, theirs) = (await office.Told(office.Manager), await office.Told(office.Clerk));
        async Task Take(string permission)
        {
            await office.Shop.Database.Write(tx => tx.Execute($"delete from role_permission where role = 'manager' and permission = {permission}"));
            await office.Shop.Database.Write(tx => tx.Execute($"update config_stamp set stamp = stamp + 1 where area = 'security'"));
            actors.Invalidate();
        }

        await Take("test.deliveries.export");
        var refused = await Now();
        (refused.State, refused.Code, refused.Sha256).ShouldBe(("refused", "PERMISSION_DENIED", null));
        refused.Message!.ShouldContain("test.deliveries.export");
        (await office.Told(office.Manager), await office.Told(office.Clerk)).ShouldBe((mine + 1, theirs));
        (await office.Shop.Database.Read(db => db.Number($"select count(*) from audit_event where function = 'kernel.reports' and outcome = 'denied'"))).ShouldBe(1);
        await office.Shop.Database.Write(tx => tx.Execute($"update app_user set active = {false} where id = {office.Manager}"));
        await office.Shop.Database.Write(tx => tx.Execute($"update config_stamp set stamp = stamp + 1 where area = 'security'"));
        actors.Invalidate();
        office.Shop.Clock.Advance(TimeSpan.FromDays(1));
        (await runner.RunDue()).ShouldBe(1);
        (await office.Runs(office.Clerk))[0].Code.ShouldBe("SCHEDULE_OWNER_INACTIVE");
    }

    [Theory, OnBothEngines]
    public async Task Who_is_told_of_a_file_takes_it_away_only_with_the_permissions_that_it_was_made_with(Engine engine)
    {
        await using var office = await Office.Open(engine);
        await office.Make(Daily with { Recipients = [new ScheduleRecipient(User: "CARL")] });
        office.Shop.Clock.Advance(TimeSpan.FromDays(1));
        (await office.Node().Runner.RunDue()).ShouldBe(1);
        var run = (await office.Runs(office.Clerk)).Single();
        var (clerk, manager) = (await office.Viewer(office.Clerk), await office.Viewer(office.Manager));
        (await office.Shop.Database.Read(db => RunBook.MayTake(db, manager, run.Id))).IsRefused.ShouldBeFalse();
        // The file has the margin, which the clerk may not see.
        var refused = (await office.Shop.Database.Read(db => RunBook.MayTake(db, clerk, run.Id))).Refusal!;
        (refused.Code, refused.Detail!["permission"]).ShouldBe(("PERMISSION_DENIED", "test.deliveries.view-cost"));
        var stranger = clerk with { Actor = new Actor(Guid.CreateVersion7(), "s", "S", [new Grant("other", null, FrozenSet.Create(Permissions))]) };
        (await office.Shop.Database.Read(db => RunBook.MayTake(db, stranger, run.Id))).Refusal!.Code.ShouldBe("NOT_FOUND");
    }

    [Theory, OnBothEngines]
    public async Task A_run_whose_node_died_is_taken_up_by_another_and_given_up_after_three(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var schedule = (await office.Make(Daily)).Value;
        var now = office.Shop.Clock.GetUtcNow();
        foreach (var (attempt, at) in new[] { (1L, now.AddMinutes(-5)), (3L, now.AddMinutes(-6)) })
            await office.Shop.Database.Write(tx => tx.Execute($"""
                insert into report_run (id, schedule_id, due_at, state, attempt, lease_until, node, started_at, title) values ({Guid.CreateVersion7()}, {schedule.Id}, {at}, 'running', {attempt}, {now.AddMinutes(10)}, 'dead', {at}, 'x')
                """));
        (await office.Node().Runner.RunDue()).ShouldBe(0);
        office.Shop.Clock.Advance(TimeSpan.FromMinutes(10));
        (await office.Node().Runner.RunDue()).ShouldBe(2);
        (await office.Runs(office.Manager)).Select(run => (run.State, run.Code)).Order().ShouldBe([("done", null), ("refused", "REPORT_ABANDONED")]);
    }

    [Theory, OnBothEngines]
    public async Task What_a_schedule_cannot_do_is_refused_when_it_is_made(Engine engine)
    {
        await using var office = await Office.Open(engine);
        async Task<(string, string?)> Refused(ScheduleDraft draft) => (await office.Make(draft)).Refusal is { } no ? (no.Code, no.At) : ("done", null);
        (await Refused(Daily with { Format = "doc" })).ShouldBe(("SCHEDULE_INVALID", "/format"));
        (await Refused(Daily with { At = "25:00" })).ShouldBe(("SCHEDULE_INVALID", "/at"));
        (await Refused(Daily with { Every = "weekly", OnDay = 8 })).ShouldBe(("SCHEDULE_INVALID", "/onDay"));
        (await Refused(Daily with { Page = "/test/deliveries/analytics" })).ShouldBe(("SCHEDULE_INVALID", "/page"));
        (await Refused(Daily with { Branches = ["X"] })).ShouldBe(("FILTER_INVALID", "/branches"));
        (await Refused(Daily with { Recipients = [new ScheduleRecipient(User: "nobody")] })).ShouldBe(("SCHEDULE_INVALID", "/recipients/0/user"));
        (await Refused(Daily with { ViewId = Guid.CreateVersion7() })).ShouldBe(("SCHEDULE_VIEW_GONE", "/viewId"));
        (await Refused(Daily with { Period = "tomorrow" })).ShouldBe(("SCHEDULE_INVALID", "/period"));
        (await Refused(Daily with { Name = " " })).ShouldBe(("SCHEDULE_INVALID", "/name"));
    }

    [Theory, OnBothEngines]
    public async Task A_view_is_its_makers_until_it_is_shared_and_a_schedule_follows_it(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var draft = new SavedViewDraft("Mine", "/test/deliveries/reports/by-branch", "groupBy=branch");
        Task<Result<SavedView>> Save(Guid user, SavedViewDraft view) => office.Do(user, (tx, viewer, stamp) => SavedViews.Save(tx, office.Catalogue, viewer, view, stamp, office.Shop.Clock));
        Task<Result<SavedView>> Change(Guid user, Guid id, SavedViewChange change, long? version = null) =>
            office.Do(user, (tx, viewer, stamp) => SavedViews.Alter(tx, office.Catalogue, viewer, id, change, version, stamp, office.Shop.Clock));
        async Task<IEnumerable<(string, bool, bool)>> Seen(Guid user)
        {
            var viewer = await office.Viewer(user);
            return (await office.Shop.Database.Read(db => SavedViews.Of(db, office.Catalogue, viewer, draft.Page))).Select(view => (view.Name, view.Mine, view.IsDefault));
        }

        var view = (await Save(office.Manager, draft)).Value;
        (await Save(office.Manager, draft)).Refusal!.Code.ShouldBe("VIEW_EXISTS");
        (await Save(office.Manager, draft with { Page = "/test/moons/list" })).Refusal!.Code.ShouldBe("VIEW_INVALID");
        (await Save(office.Manager, draft with { Page = "/exceptions", Query = "severity=high" })).Value.Function.ShouldBeEmpty();
        (await Save(office.Clerk, draft with { Role = "clerk" })).Refusal!.Code.ShouldBe("PERMISSION_DENIED");
        (await Seen(office.Clerk)).ShouldBeEmpty();
        (await Change(office.Manager, view.Id, new SavedViewChange(Role: "clerk"), version: 9)).Refusal!.Code.ShouldBe("VERSION_CONFLICT");
        (await Change(office.Manager, view.Id, new SavedViewChange(Name: "Ours", Role: "clerk"), version: 1)).Value.Version.ShouldBe(2);
        (await Seen(office.Clerk)).ShouldBe([("Ours", false, false)]);
        (await Change(office.Clerk, view.Id, new SavedViewChange(Name: "Theirs"))).Refusal!.Code.ShouldBe("NOT_FOUND");
        (await office.Do(office.Clerk, (tx, viewer, stamp) => SavedViews.MakeDefault(tx, office.Catalogue, viewer, view.Id, true, stamp))).IsRefused.ShouldBeFalse();
        (await Seen(office.Clerk)).ShouldBe([("Ours", false, true)]);
        (await Seen(office.Manager)).ShouldBe([("Ours", true, false)]);

        (await office.Make(new ScheduleDraft("Follows", "csv", "daily", "06:30", "yesterday", ViewId: view.Id))).Value.Query.ShouldBe("groupBy=branch");
        await Change(office.Manager, view.Id, new SavedViewChange(Query: "groupBy=channel"));
        office.Shop.Clock.Advance(TimeSpan.FromDays(1));
        var (runner, _) = office.Node();
        await runner.RunDue();
        Encoding.UTF8.GetString(await office.File((await office.Runs(office.Manager))[0].Id)).TrimStart('\uFEFF').ShouldStartWith("Channel,");
        (await office.Do(office.Manager, (tx, viewer, stamp) => SavedViews.Delete(tx, office.Catalogue, viewer, view.Id, stamp, office.Shop.Clock))).IsRefused.ShouldBeFalse();
        (await Seen(office.Clerk)).ShouldBeEmpty();
        office.Shop.Clock.Advance(TimeSpan.FromDays(1));
        await runner.RunDue();
        (await office.Runs(office.Manager))[0].Code.ShouldBe("SCHEDULE_VIEW_GONE");
    }

    [Theory, OnBothEngines]
    public async Task The_last_twenty_pages_are_kept_the_latest_first(Engine engine)
    {
        await using var office = await Office.Open(engine);
        async Task<Result> Visit(string page) => await office.Shop.Database.Write(tx =>
            Task.FromResult(RecentPages.Visit(tx, office.Clerk, page, $"Page {page}", office.Shop.Clock.Advance(TimeSpan.FromSeconds(1))) is { Refusal: { } no } ? no : (Result<bool>)true));
        for (var at = 0; at < 25; at++) (await Visit($"/p/{at}")).IsRefused.ShouldBeFalse();
        (await Visit("/p/10")).IsRefused.ShouldBeFalse();
        var pages = (await office.Shop.Database.Read(db => RecentPages.Of(db, office.Clerk))).Select(one => one.Page).ToList();
        (pages.Count, pages[0], pages[1], pages[^1]).ShouldBe((20, "/p/10", "/p/24", "/p/5"));
        foreach (var wrong in new[] { "", "p", "//evil.example", "/a\u0007" }) (await Visit(wrong)).Refusal!.Code.ShouldBe("RECENT_INVALID");
    }
}
