// The audience, away from the page's thread. Members come one after the other, act at their own pace, and leave when told.
import { Member } from "./member.js";

const joinEveryMs = 120;
const tellEveryMs = 500;

let scene = { service: "", stream: "", kinds: [], tap: true, polls: [], mood: 2 };
let size = 0, joining = false, stopped = false;
const members = [];
const sum = { reactions: 0, comments: 0 };

onmessage = ({ data }) => {
  if (data.t === "start") Object.assign(scene, { service: data.service, stream: data.stream });
  if (data.t === "scene") Object.assign(scene, { kinds: data.kinds, tap: data.tap, polls: data.polls });
  if (data.t === "adjust") ({ size } = data, scene.mood = data.mood);
  if (data.t === "stop") {
    stopped = true;
    size = 0;
  }
  gather();
};

async function gather() {
  if (joining) return;
  joining = true;
  while (members.length > size) members.pop().leave();
  while (members.length < size && !stopped) {
    try {
      members.push(await Member.join(scene, members.length, sum));
      postMessage({ t: "problem", text: "" });
    } catch (error) {
      postMessage({ t: "problem", text: `Nobody more can come: ${error.message}` });
      break;
    }
    await new Promise(resolve => setTimeout(resolve, joinEveryMs));
    while (members.length > size) members.pop().leave();
  }
  joining = false;
}

setInterval(() => postMessage({ t: "figures", here: members.filter(member => member.here).length, ...sum }), tellEveryMs);
