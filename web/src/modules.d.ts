// Bootstrap publishes types for the whole only; these are its parts that we import one by one.
declare module "bootstrap/js/src/modal" {
  export { Modal as default } from "bootstrap";
}
declare module "bootstrap/js/src/offcanvas" {
  export { Offcanvas as default } from "bootstrap";
}
declare module "bootstrap/js/src/tab" {
  export { Tab as default } from "bootstrap";
}
declare module "bootstrap/js/src/toast" {
  export { Toast as default } from "bootstrap";
}
