// The page as people use it: node page.mjs --base=URL --scenario=NAME. The names are the functions below.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { args, expect, run, until } from "./expect.mjs";
import { act, api, counts, goLive, join, open, person, say, sees } from "./stage.mjs";

const salt = `${args.scenario}-${Date.now().toString(36).slice(-6)}`;
const quiet = async (...pages) => {
  for (const page of pages) {
    expect(page.problems.length === 0, `nothing on the console, not ${page.problems.join("; ")}`);
    const violations = await page.evaluate(() => window.violations);
    expect(violations.length === 0, `no policy violation, not ${violations.join("; ")}`);
  }
};

async function liveStream(settings = {}) {
  const owner = await api(`owner-${salt}`);
  await owner.call("PUT", `streams/${salt}`, settings);
  await owner.call("POST", `streams/${salt}/start`);
  return { owner, id: salt };
}

/** From opening the page to one's own comment in a second browser. */
async function newcomer(browser) {
  const host = await person(browser);
  await host.click("#go-live");
  await host.click("#create-live");
  await host.waitForSelector("#status.live");
  const guest = await person(browser, new URL(host.url()).hash, { viewport: { width: 360, height: 740 }, colorScheme: "dark" });
  await guest.waitForSelector("#status.live");
  await say(host, "Is anybody there?");
  await sees(guest, "Is anybody there?");

  await join(guest, "Finn");
  await guest.click("#reactions button[data-kind=like]");
  await counts(host, "like", 1);
  await host.click("#reactions button[data-kind=like]");
  await counts(guest, "like", 2);
  await guest.waitForFunction(() => document.querySelector("#viewers").textContent === "2");

  await act(guest, "Is anybody there?", "Reply");
  await say(guest, "I am");
  await host.waitForFunction(() => document.querySelector(".comment .quote")?.textContent.endsWith("Is anybody there?"));
  await act(host, "I am", "Pin");
  await guest.waitForSelector("#pinned:not([hidden])");
  await host.fill("#poll-question", "Who wins?");
  await host.locator("#poll-choices input").nth(0).fill("Red");
  await host.locator("#poll-choices input").nth(1).fill("Blue");
  await host.click("#poll button.primary");
  await guest.locator(".choice", { hasText: "Blue" }).click();
  await host.waitForFunction(() => document.querySelectorAll(".choice b")[1]?.textContent === "100 %");
  await host.fill("#cue-name", "Goal!");
  await host.click("#cue button:has-text('Cue')");
  await guest.waitForSelector(".cue:not([hidden])");
  await host.fill("#cue-name", "long ".repeat(12));
  await host.click("#cue button:has-text('Cue')");
  await guest.waitForFunction(() => document.querySelector(".cue:not([hidden]) strong")?.textContent.startsWith("long"));
  const inside = await guest.evaluate(() => [".cue strong", ".stage"].map(part => document.querySelector(part).getBoundingClientRect()).map(({ top, bottom }) => [top, bottom]).flat());
  expect(inside[0] >= inside[2] && inside[1] <= inside[3], `a long cue to fit on the stage, not ${inside}`);
  await act(host, "I am", "Delete");
  await guest.waitForFunction(() => ![...document.querySelectorAll("#comments p")].some(row => row.textContent === "I am"));

  await host.click("#end");
  await host.click("#end");
  await guest.waitForSelector("#status.ended");
  await quiet(host, guest);
}

/** Script in every field that people fill in: all of it is shown, none of it runs. */
async function script(browser) {
  const attack = "<img src=x onerror=\"hacked=1\"><script>hacked=1</script><svg onload=hacked=1>";
  const short = "<img src=x onerror='hacked=1'>";
  const eve = await api(`eve-${salt}`, "broadcaster", attack.slice(0, 64));
  await eve.call("PUT", `streams/${salt}`, { title: attack, reactions: [short, "<svg onload=hacked=1>", "javascript:hacked=1"], tap: false });
  await eve.call("POST", `streams/${salt}/start`);
  const viewer = await person(browser, `#/s/${salt}`);
  await viewer.waitForSelector("#status.live");
  await join(viewer, attack.slice(0, 40));
  const host = await person(browser);
  await host.evaluate(token => sessionStorage.setItem("interactions.session", JSON.stringify({ token, dev: true })), eve.token);
  await host.goto(`${args.base}#/s/${salt}`);
  await host.reload();
  await host.waitForSelector("#desk");

  const { results: [said] } = await eve.send(salt, { type: "comment", text: attack });
  await eve.send(salt,
    { type: "comment", text: `${attack} again`, replyTo: said.id }, { type: "pin", comment: said.id }, { type: "reaction", kind: short },
    { type: "cue", name: attack.slice(0, 64), data: { [attack]: attack } }, { type: "cue", name: short, data: attack },
    { type: "poll", id: short, question: attack, choices: [attack, `${attack} 2`] });
  await viewer.waitForSelector("#pinned:not([hidden])");
  await viewer.waitForSelector(".poll");
  await viewer.waitForSelector("#cues li");
  await say(viewer, attack);
  await host.waitForFunction(() => document.querySelectorAll("#comments .comment").length === 3);
  await host.waitForFunction(() => document.querySelectorAll("#roster li").length >= 2);
  await host.locator("#comments .comment").nth(2).hover();
  await host.locator("#comments .comment").nth(2).locator(".more").click();
  await host.locator(".menu button", { hasText: "Ban" }).click();
  await host.click("#ban-do");
  await host.waitForSelector("#banned li");
  await viewer.locator(".quote").click();
  const front = await person(browser);
  await front.waitForSelector(".stream-card");
  const odd = await person(browser, `?stream=${encodeURIComponent(attack)}`);
  await odd.waitForSelector("#trouble");
  const fragment = await person(browser, `#/s/${encodeURIComponent(attack)}`);
  await fragment.waitForSelector("#trouble");

  for (const [name, page] of Object.entries({ viewer, host, front, odd, fragment })) {
    const found = await page.evaluate(() => ({
      ran: "hacked" in window, markup: document.querySelectorAll("img, script:not([src]), [onerror], [onload]").length, violations: window.violations,
    }));
    expect(!found.ran && found.markup === 0, `no script in ${name}: ${JSON.stringify(found)}`);
    expect(found.violations.length === 0, `no violation in ${name}: ${found.violations}`);
  }
  const seen = await viewer.evaluate(text => [...document.querySelectorAll("#title, #pinned, .poll h2, .choice, #cues, #comments p, #reactions")].filter(node => node.textContent.includes(text)).length, "<img src=x onerror=");
  expect(seen >= 9, `the text to be shown as text in all places, not in ${seen}`);
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const places = { desktop: { width: 1280, height: 800 }, phone: { width: 360, height: 740 } };

/**
 * Until the page is drawn in this theme and width and nothing on it moves, three frames in a row: colours on their way from one theme to the
 * other have any contrast, and the end of one transition may be the begin of another.
 */
async function settled(page, colorScheme, width) {
  await page.evaluate(() => { window.calmFrames = 0; });
  await page.waitForFunction(({ colorScheme, width }) => {
    const isCalm = matchMedia(`(prefers-color-scheme: ${colorScheme})`).matches && innerWidth === width
      && document.getAnimations().every(({ playState }) => playState === "finished");
    window.calmFrames = isCalm ? window.calmFrames + 1 : 0;
    return window.calmFrames >= 3;
  }, { colorScheme, width }, { polling: "raf" });
}

/** Runs axe on what the page shows now, in both themes, on a desktop and on a phone. */
async function audit(page, name) {
  await page.evaluate(axe);
  const findings = [];
  for (const [colorScheme, place] of ["light", "dark"].flatMap(theme => Object.keys(places).map(place => [theme, place]))) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(places[place]);
    await settled(page, colorScheme, places[place].width);
    const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
    for (const { id: rule, impact, nodes } of violations) {
      const found = `${colorScheme} ${place} ${name}: ${rule} (${impact}) ${nodes.map(node => node.target.join(" ")).slice(0, 3).join(", ")}`;
      if (impact === "serious" || impact === "critical") findings.push(found);
      else console.log(found);
    }
  }
  await page.setViewportSize(places.desktop);
  expect(findings.length === 0, `no serious finding:\n${findings.join("\n")}`);
}

const still = { reducedMotion: "reduce" };

async function fullStream() {
  const live = await liveStream({ title: "An evening with friends", reactions: ["like", "laugh", "goal!"], slowModeSeconds: 30 });
  const { results: [said] } = await live.owner.send(live.id, { type: "comment", text: "Hello" });
  await live.owner.send(live.id, { type: "comment", text: "Hello to you", replyTo: said.id }, { type: "pin", comment: said.id }, { type: "poll", id: "p", question: "Who?", choices: ["Red", "Blue"] }, { type: "cue", name: "Goal!", data: { score: "1:0" } });
  return live;
}

async function accessibleDoors(browser) {
  await fullStream();
  const page = await person(browser, "", still);
  await page.waitForSelector(".stream-card");
  await audit(page, "landing");
  await page.click("#who");
  await page.waitForSelector("#identity-sheet:popover-open");
  await page.click("#identity-sheet details summary");
  await audit(page, "signing in");
  await page.goto(`${args.base}#/new`);
  await page.click("#create details summary");
  await audit(page, "new");
  await page.goto(`${args.base}#/s/nobody-made-it`);
  await page.waitForSelector("#trouble");
  await audit(page, "unknown");
}

async function accessibleWatching(browser) {
  const { owner, id } = await fullStream();
  const page = await person(browser, `#/s/${id}`, still);
  await page.waitForSelector(".poll");
  await audit(page, "anonymous");
  await join(page, "Ada");
  await say(page, "Good evening");
  await page.hover("#comments .comment");
  await audit(page, "viewer");
  await page.click("#who");
  await page.waitForSelector("#leave");
  await audit(page, "signed in");
  await page.keyboard.press("Escape");
  const { user } = (await owner.call("GET", `streams/${id}`)).comments.at(-1);
  await owner.send(id, { type: "ban", user, seconds: 600 });
  await page.waitForSelector(".notice.bad:not([hidden])");
  await audit(page, "banned");
}

async function accessibleDesk(browser) {
  const page = await person(browser, "", still);
  const id = await goLive(page);
  await (await api(`guest-${salt}`, "viewer")).send(id, { type: "comment", text: "Shout" });
  await sees(page, "Shout");
  await page.hover("#comments .comment");
  await page.click("#comments .more");
  await page.waitForSelector(".menu:popover-open");
  await audit(page, "menu of a comment");
  await page.locator(".menu button", { hasText: "Ban" }).click();
  await page.waitForSelector("#ban[open]");
  await audit(page, "banning");
  await page.click("#ban-do");
  await page.waitForSelector("#banned li");
  for (const summary of await page.locator("#desk details summary").all()) await summary.click();
  await audit(page, "desk");
  await page.click("#end");
  await page.click("#end");
  await page.waitForSelector("#status.ended");
  await audit(page, "desk of an ended stream");
}

async function keyboard(browser) {
  const { owner, id } = await liveStream();
  await owner.send(id, { type: "comment", text: "Type something" });
  const page = await person(browser, `#/s/${id}`);
  await page.waitForSelector("#comments .comment");
  const tabTo = async selector => {
    for (let presses = 0; presses < 40; presses++) {
      await page.keyboard.press("Tab");
      if (await page.evaluate(wanted => document.activeElement.matches(wanted), selector)) return;
    }
    throw new Error(`Tab never came to ${selector}`);
  };
  await tabTo("#join-name");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#text:enabled");
  expect(await page.evaluate(() => document.activeElement.id === "main"), "the focus to stay with the stream when the panel that had it is gone");
  await tabTo("#reactions button");
  await page.keyboard.press("Space");
  await counts(page, "like", 1);
  await tabTo(".more");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".menu:popover-open");
  await page.keyboard.press("Escape");
  expect(await page.evaluate(() => document.activeElement.matches(".more")), "the focus to be back where the menu was opened");
  await tabTo("#text");
  await page.keyboard.type("By hand");
  await page.keyboard.press("Enter");
  await sees(page, "By hand");
  await page.waitForFunction(() => document.querySelector("#announcer").textContent.includes("By hand"));
  await quiet(page);
}

async function narrow(browser) {
  const { owner, id } = await liveStream({ title: "Averyveryverylongwordthatdoesnotbreakanywhere ".repeat(3), reactions: ["like", "an-unbroken-name-of-32-character"] });
  await owner.send(id, { type: "comment", text: "x".repeat(400) }, { type: "poll", id: "p", question: "q".repeat(120), choices: ["c".repeat(100), "Blue"] }, { type: "cue", name: "n".repeat(64), data: "d".repeat(200) });
  const fits = async (page, what) => {
    const { wide, wider } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth - innerWidth, wider: [...document.querySelectorAll("body *")].filter(node => node.getBoundingClientRect().right > innerWidth + 1 && !node.closest(".unseen, svg, .cue")).map(node => `${node.tagName}.${node.className}`).slice(0, 5) }));
    expect(wide <= 0, `no sideways scrolling in ${what}: ${wide} px, ${wider}`);
  };
  const phone = { viewport: { width: 360, height: 740 } };
  const front = await person(browser, "", phone);
  await front.waitForSelector(".stream-card");
  await fits(front, "the front door");
  const viewer = await person(browser, `#/s/${id}`, phone);
  await viewer.waitForSelector(".poll");
  await fits(viewer, "a viewer without a name");
  await join(viewer, "Ada");
  await fits(viewer, "a viewer");
  const host = await person(browser, "", phone);
  await goLive(host);
  await host.waitForSelector("#roster li");
  await fits(host, "the desk");
}

async function calm(browser) {
  const { owner, id } = await liveStream();
  const painted = page => page.evaluate(() => {
    const canvas = document.querySelector(".stage canvas:not(.ridges)");
    return canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some(value => value !== 0);
  });
  const still = await person(browser, `#/s/${id}`, { reducedMotion: "reduce" });
  const moving = await person(browser, `#/s/${id}`, { reducedMotion: "no-preference" });
  for (const page of [still, moving]) await page.waitForSelector("#status.live");
  await owner.send(id, { type: "reaction", kind: "like", count: 50 });
  await until(() => painted(moving), "something that floats");
  await counts(still, "like", 50);
  expect(!await painted(still), "nothing to float where less motion is asked for");
}

/** However much is said, the page holds 200 rows; who reads further up is left in peace. */
async function crowded(browser) {
  const { id } = await liveStream();
  const talkers = await Promise.all([1, 2, 3].map(number => api(`talker-${number}-${salt}`, "viewer")));
  for (const [index, talker] of talkers.entries()) await talker.send(id, ...Array.from({ length: 90 }, (_, i) => ({ type: "comment", text: `Comment ${index * 90 + i + 1}` })));
  const page = await person(browser, `#/s/${id}`, { colorScheme: "dark" });
  await page.waitForSelector("#comments .comment");
  const rows = () => page.evaluate(() => document.querySelectorAll("#comments .comment").length);
  const atEnd = () => page.evaluate(() => { const node = document.querySelector(".chat-scroll"); return node.scrollHeight - node.scrollTop - node.clientHeight < 5; });
  expect(await atEnd(), "to begin at the newest");
  const before = await rows();
  await page.locator("button", { hasText: "Earlier comments" }).click();
  await page.waitForFunction(count => document.querySelectorAll("#comments .comment").length > count, before);
  await page.evaluate(() => { document.querySelector(".chat-scroll").scrollTop = 0; });
  await page.waitForTimeout(100);
  const first = await page.evaluate(() => document.querySelector("#comments .comment p").textContent);
  await talkers[0].send(id, { type: "comment", text: "Far below" });
  await page.waitForSelector("#below:not([hidden])");
  expect((await page.textContent("#below")).startsWith("1 new comment"), "how many are new");
  expect(first === await page.evaluate(() => document.querySelector("#comments .comment p").textContent), "what is read to stay");
  await page.click("#below");
  await sees(page, "Far below");
  expect(await atEnd(), "to be at the newest again");
  for (const number of [4, 5, 6]) {
    const talker = await api(`talker-${number}-${salt}`, "viewer");
    await talker.send(id, ...Array.from({ length: 90 }, (_, i) => ({ type: "comment", text: `More ${number}-${i}` })));
    await sees(page, `More ${number}-89`);
  }
  const held = await rows();
  expect(held === 200, `200 rows after 270 comments more, not ${held}`);
  await quiet(page);
}

/** Bans of every moderator's are on every desk at once, with their end; who is unbanned may write at once. */
async function bans(browser) {
  const host = await person(browser);
  const id = await goLive(host);
  const viewer = await person(browser, `#/s/${id}`);
  await join(viewer, "Vera Vogel");
  await say(viewer, "Let me in");
  await sees(host, "Let me in");
  const row = (page, name) => page.locator("#banned li", { hasText: name });
  const asked = [];
  viewer.on("request", request => { if (/\/(me|bans)$/.test(request.url().split("?")[0])) asked.push(request.url()); });

  // Another tab of the same broadcaster's.
  const token = await host.evaluate(() => sessionStorage.getItem("interactions.session"));
  const second = await person(browser);
  await second.evaluate(kept => sessionStorage.setItem("interactions.session", kept), token);
  await second.goto(`${args.base}#/s/${id}`);
  await second.reload();
  await second.waitForSelector("#banned-title");
  await act(second, "Let me in", "Ban");
  await second.click("#ban-do");
  for (const page of [host, second]) {
    await row(page, "Vera Vogel").waitFor();
    expect(/until \d/.test(await row(page, "Vera Vogel").textContent()), "until when");
  }
  await viewer.waitForSelector("#text:disabled");
  await viewer.waitForFunction(() => document.querySelector(".composer .notice").textContent.startsWith("You are banned from this stream until"));
  await viewer.waitForSelector("#reactions button:disabled");

  const lifted = performance.now();
  await row(host, "Vera Vogel").locator("button").click();
  await viewer.waitForSelector("#text:enabled");
  for (const page of [host, second]) await row(page, "Vera Vogel").waitFor({ state: "detached" });
  const took = performance.now() - lifted;
  expect(took < 5000, `an unban to show at once, not after ${took} ms`);
  expect(asked.length === 0, `nothing to be asked for it, not ${asked}`);
  await say(viewer, "Thank you");

  // Bans that were made elsewhere, before this desk was opened and after; and one that ends by itself.
  const { token: key } = JSON.parse(token);
  const send = (...items) => fetch(`${args.base}v1/streams/${id}/interactions`, { method: "POST", headers: { authorization: `Bearer ${key}`, "content-type": "application/json" }, body: JSON.stringify(items) });
  await send({ type: "ban", user: "before", shadow: true }, ...Array.from({ length: 60 }, (_, i) => ({ type: "ban", user: `troll-${String(i).padStart(3, "0")}` })));
  await second.reload();
  await row(second, "before").waitFor();
  expect((await row(second, "before").textContent()).includes("until it is lifted · shadow"), "what kind of ban");
  await send({ type: "ban", user: "zz-after", seconds: 3 });
  for (const page of [host, second]) await row(page, "zz-after").waitFor();
  for (const page of [host, second]) await row(page, "zz-after").waitFor({ state: "detached" });
  expect(await host.locator("#banned li").count() === 61, `61 bans, not ${await host.locator("#banned li").count()}`);

  // A shadow ban is not seen by whom it is about.
  await act(host, "Thank you", "Ban");
  await host.check("#ban-shadow");
  await host.click("#ban-do");
  await row(second, "Vera Vogel").waitFor();
  await say(viewer, "Still here");
  await sees(viewer, "Still here");
  expect(await viewer.locator(".composer .notice:not([hidden])").count() === 0, "no word of it");
  await quiet(host, second, viewer);
}

/** Slow mode, bans and a token that is refused are said in words, where one would write. */
async function rules(browser) {
  const { owner, id } = await liveStream({ slowModeSeconds: 3 });
  const page = await person(browser, `#/s/${id}`);
  await join(page, "Ada");
  await say(page, "One");
  await page.waitForFunction(() => document.querySelector("#composer-note").textContent.includes("your next comment in"));
  await page.fill("#text", "Two");
  expect(await page.isDisabled("#send"), "not to be sent meanwhile");
  await page.waitForSelector("#send:enabled");
  await page.click("#send");
  await sees(page, "Two");
  const [{ user }] = (await owner.call("GET", `streams/${id}`)).comments;
  await owner.send(id, { type: "ban", user, seconds: 600 });
  await page.waitForFunction(() => document.querySelector(".composer .notice").textContent.startsWith("You are banned from this stream until"));
  await owner.send(id, { type: "unban", user });
  await page.waitForSelector("#text:enabled");
  await quiet(page);

  await page.evaluate(() => {
    const [head, , signature] = JSON.parse(sessionStorage.getItem("interactions.session")).token.split(".");
    sessionStorage.setItem("interactions.session", JSON.stringify({ token: `${head}.${btoa(JSON.stringify({ sub: "eve", name: "Eve", exp: 1 }))}.${signature}` }));
  });
  await page.reload();
  await page.waitForSelector("#trouble[data-code=unauthorized]");
  await page.click("#refused-leave");
  await page.waitForSelector("#status.live");
}

/** A borrowed audience comes through the real service, has nobody's name, and goes. */
async function audience(browser) {
  const host = await person(browser);
  const id = await goLive(host, { name: "Quinn" });
  const early = await person(browser, `#/s/${id}`);
  await join(early, " rosa");
  await host.waitForFunction(() => document.querySelectorAll("#roster li").length === 2);
  await host.locator("#audience-size").fill("10");
  await host.locator("#audience-mood").fill("4");
  await host.click("#audience");
  const anyone = await api(`anyone-${salt}`, "viewer");
  const names = async () => (await anyone.call("GET", `streams/${id}`)).roster.joined.map(({ name }) => name);
  await until(async () => (await anyone.call("GET", `streams/${id}`)).viewers >= 12, "ten viewers more");
  await until(async () => (await anyone.call("GET", `streams/${id}`)).comments.length > 0, "a comment");
  expect(Object.values((await anyone.call("GET", `streams/${id}`)).totals).some(count => count > 0), "reactions");
  const distinct = list => new Set(list.map(name => name.trim().toLowerCase())).size === list.length;
  let here = await names();
  expect(here.length === 12 && distinct(here), `twelve people of different names, not ${here}`);

  // Somebody real comes who is called like one of them.
  const namesake = here.find(name => !["Quinn", "rosa"].includes(name.trim()));
  const late = await person(browser, `#/s/${id}`);
  await join(late, namesake);
  await until(async () => {
    here = await names();
    return here.length === 13 && distinct(here) && here.includes(namesake);
  }, "another name for who had it before");
  await host.click("#audience");
  await until(async () => (await anyone.call("GET", `streams/${id}`)).viewers === 3, "nobody but the people");
  await quiet(host, early, late);
}

run(async () => {
  const browser = await open();
  try {
    await { newcomer, script, accessibleDoors, accessibleWatching, accessibleDesk, keyboard, narrow, calm, crowded, rules, bans, audience }[args.scenario](browser);
  } finally {
    await browser.close();
  }
});
